/**
 * A formula that was typed: a number, an entry, a function or an operation with its parts.
 * @typedef {{name: string, parts: Tree[], text?: string, entry?: number, signs?: string[]}} Tree
 */

const LONGEST = 1000;
const CALLED = {
  sqrt: "root",
  root: "root",
  "\u221A": "root",
  exp: "exp",
  log: "log",
  ln: "log",
  asinh: "asinh",
  acosh: "acosh",
  atanh: "atanh",
  arsinh: "asinh",
  arcosh: "acosh",
  artanh: "atanh",
  sinh: "sinh",
  cosh: "cosh",
  tanh: "tanh",
  asin: "asin",
  acos: "acos",
  atan: "atan",
  arcsin: "asin",
  arccos: "acos",
  arctan: "atan",
  sin: "sin",
  cos: "cos",
  tan: "tan",
  erf: "erf",
  abs: "abs",
  sign: "sign",
  sgn: "sign",
  max: "max",
  sigmoid: "sigma",
  sigma: "sigma",
  "\u03C3": "sigma",
  relu: "relu",
  ReLU: "relu",
};
const RELATIONS = [">=", "<=", "=>", "=<", "\u2265", "\u2264", "<", ">", "="];

/** Reads one formula:  sum = product {+|- product};  product = power {[*|/] power};  ... */
class Reader {
  /** @param {string} text @param {Symbols} symbols */
  constructor(text, symbols) {
    this.isTooLong = text.length > LONGEST;
    this.text = ordinary(text.slice(0, LONGEST)).replace(/^\s*[=\u2248]/, "");
    this.symbols = symbols;
    this.at = 0;
    this.isInSize = false; // between two bars, where a bar is the second one
  }

  /**
   * @returns {Tree}
   * @throws {Unreadable}
   */
  whole() {
    if (this.isTooLong) {
      throw new Unreadable(`Write a formula of at most ${LONGEST} characters.`);
    }
    const made = this.sum();
    if (this.next() !== "") {
      throw this.fault();
    }
    return made;
  }

  /** @returns {Unreadable} */
  fault() {
    const rest = this.text.slice(this.at).trim();
    return new Unreadable(
      rest ? `This cannot be read from here on: ${rest.slice(0, 12)}` : "The formula ends too early.",
    );
  }

  /** Return the sign that comes next. @returns {string} */
  next() {
    while (/\s/.test(this.text[this.at] ?? "")) {
      this.at += 1;
    }
    return this.text[this.at] ?? "";
  }

  /** Take one of some texts, if it comes next. @type {(texts: string[]) => string} */
  take(texts) {
    this.next();
    const found = texts.find((text) => this.text.startsWith(text, this.at)) ?? "";
    this.at += found.length;
    return found;
  }

  /** @type {(sign: string) => void} */
  need(sign) {
    if (!this.take([sign])) {
      throw this.fault();
    }
  }

  /** @returns {Tree} */
  sum() {
    let made = this.product();
    for (let sign = this.take(["+", "-"]); sign; sign = this.take(["+", "-"])) {
      const term = this.product();
      made = { name: "+", parts: [made, sign === "-" ? { name: "-", parts: [term] } : term] };
    }
    return made;
  }

  /** @returns {Tree} */
  product() {
    let made = this.signed();
    for (;;) {
      if (this.text.startsWith("**", this.at)) {
        throw this.fault();
      }
      const divided = this.take(["/", ":", "\u00F7"]);
      if (!divided && !this.take(["*", "\u00B7", "\u22C5", "\u00D7"]) && !this.isFactor()) {
        return made;
      }
      const factor = this.signed();
      made = { name: "*", parts: [made, divided ? { name: "inverse", parts: [factor] } : factor] };
    }
  }

  /** Tell whether a factor follows without a sign in between, as in 2 x1 and x1 (1 - x2). @returns {boolean} */
  isFactor() {
    return (this.isInSize ? /[\p{L}([\u221A]/u : /[\p{L}([\u221A|]/u).test(this.next());
  }

  /** @returns {Tree} */
  signed() {
    const sign = this.take(["-", "+"]);
    const made = sign ? this.signed() : this.power();
    return sign === "-" ? { name: "-", parts: [made] } : made;
  }

  /** @returns {Tree} */
  power() {
    const base = this.exponential() ?? this.single();
    return this.take(["**", "^"]) ? { name: "^", parts: [base, this.signed()] } : base;
  }

  /** Read e^x, where e is no letter of an entry. @returns {Tree | null} */
  exponential() {
    this.next();
    const found = /^e\s*(?:\^|\*\*)/.exec(this.text.slice(this.at));
    if (!found || this.symbols.at(this.text, this.at) !== null) {
      return null;
    }
    this.at += found[0].length;
    return { name: "exp", parts: [this.signed()] };
  }

  /** @returns {Tree} */
  single() {
    this.next();
    const number = /^(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?/.exec(this.text.slice(this.at));
    if (number) {
      this.at += number[0].length;
      return { name: "n", parts: [], text: number[0] };
    }
    const opening = this.take(["(", "{"]);
    if (opening) {
      const inside = this.sum();
      this.need(opening === "(" ? ")" : "}");
      return inside;
    }
    if (this.take(["|"])) {
      this.isInSize = true;
      const inside = this.sum();
      this.need("|");
      this.isInSize = false;
      return { name: "abs", parts: [inside] };
    }
    if (this.take(["["])) {
      return this.bracket();
    }
    const word = /^\p{L}+(?=\s*\()/u.exec(this.text.slice(this.at)); // tanh( is no t
    return Object.hasOwn(CALLED, word?.[0] ?? "") ? this.call() : (this.letter() ?? this.call());
  }

  /** @returns {Tree | null} */
  letter() {
    const found = this.symbols.at(this.text, this.at);
    if (found === null) {
      return null;
    }
    this.at = found[1];
    return { name: "s", parts: [], entry: found[0] };
  }

  /** @returns {Tree} */
  call() {
    if (this.take(["frac{", "dfrac{", "tfrac{"])) {
      return this.fraction();
    }
    const names = /** @type {(keyof typeof CALLED)[]} */ (Object.keys(CALLED));
    const name = /** @type {keyof typeof CALLED} */ (this.take(names));
    if (!name) {
      throw this.fault();
    }
    const opening = this.take(["(", "{"]);
    if (!opening) {
      throw this.fault();
    }
    const parts = [this.sum()];
    while (CALLED[name] === "max" && this.take([",", ";"])) {
      parts.push(this.sum());
    }
    this.need(opening === "(" ? ")" : "}");
    if (CALLED[name] === "relu") {
      return { name: "max", parts: [...parts, { name: "n", parts: [], text: "0" }] };
    }
    return { name: CALLED[name], parts };
  }

  /** Read the rest of \frac{a}{b}, behind its first brace. @returns {Tree} */
  fraction() {
    const above = this.sum();
    this.need("}");
    this.need("{");
    const below = this.sum();
    this.need("}");
    return { name: "*", parts: [above, { name: "inverse", parts: [below] }] };
  }

  /** Read what stands in a bracket, which is 1 where all of it holds. @returns {Tree} */
  bracket() {
    const parts = [this.sum()];
    /** @type {string[]} */
    const signs = [];
    while (!this.take(["]"])) {
      const sign = this.take([",", ";", ...RELATIONS]);
      if (!sign) {
        throw this.fault();
      }
      signs.push(sign);
      parts.push(this.sum());
    }
    return { name: "[", parts, signs };
  }
}
