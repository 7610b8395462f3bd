const GREEK = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", η: "eta", λ: "lambda",
  μ: "mu", ρ: "rho", σ: "sigma", τ: "tau", φ: "phi", ψ: "psi", ω: "omega",
};
const AMONG = "[_^{}\\s]*"; // what people write between the signs of a letter

/** What is wrong with a formula. */
class Unreadable extends Error {}

/**
 * A way to type the letter of an entry. Of equally long ones that with the least rank is meant: 0 for
 * signs that only this letter has, 1 for signs that others may have, 2 for a part of the letter.
 * @typedef {{pattern: RegExp, entry: number, rank: number}} Spelling
 */

/** The letters of entries, as they are typed. */
class Symbols {
  /** @param {[string, number][]} letters What entries are called, each with its number. */
  constructor(letters) {
    /** @type {Map<number, string>} */
    this.letters = new Map(letters.map(([letter, entry]) => [entry, letter]));
    this.spellings = letters.flatMap(([letter, entry]) => spellingsOf(letter, entry));
  }

  /**
   * Return the entry whose letter begins at a place of a text, and where it ends: the longest one.
   * @type {(text: string, at: number) => [number, number] | null}
   * @throws {Unreadable} If several entries have such a letter.
   */
  at(text, at) {
    const found = this.spellings.map((spelling) => ({ ...spelling, end: endOf(spelling, text, at) }));
    const end = Math.max(...found.map((one) => one.end), 0);
    if (end === 0 || /\d/.test(text[end] ?? "")) {
      return null;
    }
    const longest = found.filter((one) => one.end === end);
    const rank = Math.min(...longest.map((one) => one.rank));
    const entries = new Set(longest.filter((one) => one.rank === rank).map((one) => one.entry));
    if (entries.size > 1) {
      const [one, other] = [...entries].map((entry) => this.letters.get(entry));
      const typed = text.slice(at, end).trim();
      throw new Unreadable(`${typed} can mean ${one} or ${other}. Type the signs _ and ^ as well.`);
    }
    return [[...entries][0], end];
  }
}

/** Return where a letter ends that begins at a place; 0 where there is none. @type {(spelling: Spelling, text: string, at: number) => number} */
function endOf({ pattern }, text, at) {
  pattern.lastIndex = at;
  let end = pattern.test(text) ? pattern.lastIndex : 0;
  while (text[end - 1] === "}" && !isClosed(text.slice(at, end))) {
    end -= 1; // the brace closes what began before the letter
  }
  return end;
}

/** Tell whether a text opens all braces that it closes. @type {(text: string) => boolean} */
function isClosed(text) {
  return text.split("{").length >= text.split("}").length;
}

/** Return the ways to type a letter. @type {(letter: string, entry: number) => Spelling[]} */
function spellingsOf(letter, entry) {
  const plain = ordinary(letter).replace(/[{}\s]/g, "");
  const [, rest = plain, below = ""] = /^(.+?)_([\d,]+)$/.exec(plain) ?? [];
  const isSignal = /^\u03B4./.test(rest);
  const found = /^(\p{L}\u0302?)\^?(?:\((\d+)\))?$/u.exec(isSignal ? rest.slice(1) : rest);
  const known = found ? spelled(patternOf(found[1]), found[2] ?? "", below) : [];
  /** @type {[string, number][]} */
  const every = [[patternOf(letter), /[()]/.test(rest) ? 0 : 1], ...(isSignal ? ofSignal(known, below) : known)];
  return every.map(([pattern, rank]) => ({ pattern: new RegExp(pattern, "uy"), entry, rank }));
}

/**
 * Return the ways to type a letter, with their ranks: z_11; or w2_1, w_1^(2) and w21 for w\u207D\u00B2\u207E\u2081.
 * @type {(on: string, level: string, below: string) => [string, number][]}
 */
function spelled(on, level, below) {
  const index = patternOf(below);
  const under = below && `\\s*_\\s*\\{?\\s*${index}`;
  if (level === "") {
    return [[`${on}${under}`, 0]];
  }
  /** @type {[string, number][]} */
  const always = [
    [`${on}${level}${index}`, 1],
    [`${on}${AMONG}\\(${level}\\)${AMONG}${index}`, 0],
  ];
  if (below === "") {
    return always;
  }
  return [
    ...always,
    [`${on}\\s*\\^?\\s*\\{?${level}\\}?${under}`, 0],
    [`${on}${AMONG}${index}\\s*\\^\\s*\\{?\\(${level}\\)\\}?`, 0],
  ];
}

/**
 * Return the ways to type \u03B4\u1DBB\u2081\u2081, with their ranks, by those of z\u2081\u2081: dL/dz_11, dz_11, and delta_11.
 * @type {(known: [string, number][], below: string) => [string, number][]}
 */
function ofSignal(known, below) {
  const d = "(?:\u2202|partial\\s*|d)";
  const inside = /** @type {[string, number][]} */ (
    known.flatMap(([pattern, rank]) => [
      [`${d}L\\s*/\\s*${d}${pattern}`, rank],
      [`${patternOf("\u03B4")}${AMONG}${pattern}`, rank],
    ])
  );
  return below ? [...inside, [`(?:\u03B4|delta)\\s*_?\\s*\\{?${patternOf(below)}`, 2]] : inside;
}

/**
 * Return what matches a letter: \u03B4\u1DBB\u2081\u2081 as dz11, delta^z_11 and \u03B4z11.
 * @type {(letter: string) => string}
 */
function patternOf(letter) {
  const signs = [...ordinary(letter).replace(/[_^{}\s]/g, "")];
  const parts = signs.map((sign, n) => {
    const name = GREEK[/** @type {keyof typeof GREEK} */ (sign)];
    if (name) {
      return `(?:${sign}|${name}${n === 0 && sign === "δ" ? "|d" : ""})`;
    }
    if (sign === "\u0302") {
      return "(?:\u0302|hat)";
    }
    if (/[()]/.test(sign)) {
      return /\d/.test(signs[n + 1] ?? "") || /\d/.test(signs[n - 1] ?? "") ? `\\${sign}` : `\\${sign}?`;
    }
    return sign === "," ? ",?" : sign.replace(/[^\p{L}\d]/u, "\\$&");
  });
  return parts.length > 0 ? `${parts.join(AMONG)}\\}*` : "";
}

const ABOVE = "\u2070\u00B9\u00B2\u00B3\u2074\u2075\u2076\u2077\u2078\u2079\u207A\u207B";

/**
 * Return a text as keyboards have it: without signs above and below the line, and commands of LaTeX.
 * @type {(text: string) => string}
 */
function ordinary(text) {
  const marked = text
    .replace(new RegExp(`\u207D[${ABOVE}]*\u207E|[${ABOVE}]+`, "g"), "^$&")
    .replace(/[\u2080-\u2089]+(?:,[\u2080-\u2089]+)*/g, "_$&");
  const plain = marked.normalize("NFKD").normalize("NFKC").replace(/[\u2212\u2013]/g, "-");
  return plain
    .replace(/\\(?:left|right)(?![a-zA-Z])|[$]/g, "")
    .replace(/\\(?:cdot|times)(?![a-zA-Z])/g, "*")
    .replace(/\\[,;:! ]/g, " ")
    .replace(/\\(?=[a-zA-Z])/g, "");
}
