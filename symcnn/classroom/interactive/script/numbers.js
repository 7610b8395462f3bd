/** @type {Fraction} */
const NONE = { n: 0n, d: 1n };

/**
 * The given numbers, as they were typed, with what was changed before.
 * Each is known by its place in one list of the entries of all given tensors.
 */
class Numbers {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    /** @type {string[]} */
    this.original = data.givens.flatMap((tensor) => tensor.entries.map((entry) => entry.text));
    /** @type {string[]} */
    this.texts = [...this.original];
    /** @type {string[][]} */
    this.before = [];
  }

  get isChanged() {
    return this.texts.some((text, n) => text !== this.original[n]);
  }

  /** Return all numbers, by the names of the tensors. @returns {Record<string, Real[]>} */
  get reals() {
    let place = 0;
    return Object.fromEntries(
      this.data.givens.map((tensor) => {
        const texts = this.texts.slice(place, (place += tensor.entries.length));
        return [tensor.name, texts.map(numberOf)];
      }),
    );
  }

  /**
   * Change numbers; the same step of undoing takes them all back.
   * @param {[number, string][]} changes
   * @param {boolean} isNew whether this is a new step, or goes on with the last one
   */
  change(changes, isNew = true) {
    if (isNew) {
      this.before.push([...this.texts]);
    }
    for (const [place, text] of changes) {
      this.texts[place] = text;
    }
  }

  undo() {
    this.texts = this.before.pop() ?? this.texts;
  }

  reset() {
    this.change(this.original.map((text, n) => [n, text]));
  }

  /** The changed numbers as a fragment of an address: 4=0.3&12=-1 */
  get fragment() {
    const changed = this.texts.flatMap((text, n) => (text === this.original[n] ? [] : [`${n}=${text}`]));
    return changed.join("&");
  }

  /**
   * Take the numbers of a fragment; anything else in it is left out.
   * @param {string} fragment
   * @returns {boolean} whether nothing was left out
   */
  take(fragment) {
    const parts = fragment.split("&").filter((part) => part !== "");
    const read = parts.flatMap((part) => this.changeIn(part));
    const wrong = this.unbalanced(read);
    const taken = read.filter(([place]) => !wrong.has(place));
    if (taken.length > 0) {
      this.change(taken);
    }
    return taken.length === parts.length;
  }

  /**
   * Return the change that a part of a fragment asks for, 4=0.3, if it is one.
   * @type {(part: string) => [number, string][]}
   */
  changeIn(part) {
    const [place, written = ""] = part.split("=");
    const n = /^\d{1,6}$/.test(place) ? Number(place) : -1;
    const text = decoded(written);
    const isMovable = n in this.texts && this.tensorAt(n).kind !== "fixed";
    return isMovable && text !== null && readNumber(text) !== null ? [[n, text]] : [];
  }

  /** @type {(place: number) => Given} */
  tensorAt(place) {
    let end = 0;
    const found = this.data.givens.find((tensor) => place < (end += tensor.entries.length));
    return /** @type {Given} */ (found);
  }

  /**
   * Return the places of distributions whose numbers would no longer sum to what they did.
   * @type {(changes: [number, string][]) => Set<number>}
   */
  unbalanced(changes) {
    const texts = [...this.texts];
    for (const [place, text] of changes) {
      texts[place] = text;
    }
    let end = 0;
    const wrong = this.data.givens.flatMap((tensor) => {
      const places = tensor.entries.map(() => end++);
      const [was, is] = [this.texts, texts].map((row) => places.map((n) => readNumber(row[n]) ?? NONE).reduce(plus, NONE));
      return tensor.kind === "sum" && minus(was, is).n !== 0n ? places : [];
    });
    return new Set(wrong);
  }

  /** Forget all changes, as if there had been none. */
  forget() {
    this.texts = [...this.original];
    this.before = [];
  }

  /** The problem file with these numbers. */
  get file() {
    const pieces = this.data.template.map((part) => (typeof part === "number" ? tomlNumber(this.texts[part]) : part));
    return pieces.join("");
  }
}

/** Return a part of an address as text; null if it is malformed. @type {(written: string) => string | null} */
function decoded(written) {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/** @type {(text: string) => Real} */
function numberOf(text) {
  const exact = readNumber(text);
  return exact ? $.fraction(exact) : $.nothing();
}

/** @type {(text: string) => string} */
function withPoint(text) {
  return (readTyped(text)?.text ?? text.trim()).replace(",", ".");
}

/** @type {(text: string) => string} */
function tomlNumber(text) {
  const plain = withPoint(text).replace(/^([+-]?)\./, "$10.").replace(/\.$/, "");
  return plain.includes("/") ? `"${plain}"` : plain;
}

/** Return a number moved by steps of its last digit. @type {(text: string, steps: number) => string} */
function stepped(text, steps) {
  const plain = withPoint(text);
  const { x } = numberOf(plain);
  if (Number.isNaN(x)) {
    return text;
  }
  const written = /^[+-]?\d*(?:\.(\d*))?$/.exec(plain);
  const places = written ? Math.max((written[1] ?? "").length, 1) : 2;
  return (x + steps * 10 ** -places).toFixed(places).replace(/^-(0(?:\.0*)?)$/, "$1");
}
