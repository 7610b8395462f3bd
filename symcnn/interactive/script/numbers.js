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

  /**
   * Return all numbers as fractions, by the names of the tensors.
   * @returns {Record<string, Fraction[]>}
   */
  get fractions() {
    let place = 0;
    return Object.fromEntries(
      this.data.givens.map((tensor) => {
        const texts = this.texts.slice(place, (place += tensor.entries.length));
        return [tensor.name, texts.map((text) => readNumber(text) ?? $.approximate(NaN))];
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
   */
  take(fragment) {
    const pairs = fragment.split("&").map((part) => part.split("="));
    const read = pairs.flatMap(([place, text]) => {
      const n = /^\d{1,6}$/.test(place) ? Number(place) : -1;
      const isNumber = n >= 0 && n < this.texts.length && readNumber(decodeURIComponent(text ?? "")) !== null;
      /** @type {[number, string][]} */
      const change = isNumber ? [[n, decodeURIComponent(text)]] : [];
      return change;
    });
    if (read.length > 0) {
      this.change(read);
    }
  }

  /** The problem file with these numbers. */
  get file() {
    const pieces = this.data.template.map((part) => (typeof part === "number" ? tomlNumber(this.texts[part]) : part));
    return pieces.join("");
  }
}

/** @param {string} text */
function withPoint(text) {
  return withoutSpaces(text).replace(",", ".");
}

/** @param {string} text */
function tomlNumber(text) {
  const plain = withPoint(text).replace(/^([+-]?)\./, "$10.").replace(/\.$/, "");
  return plain.includes("/") ? `"${plain}"` : plain;
}

/**
 * Return a number moved by steps of its last digit.
 * @param {string} text
 * @param {number} steps
 */
function stepped(text, steps) {
  const plain = withPoint(text);
  const value = readNumber(plain);
  if (value === null) {
    return text;
  }
  const written = /^[+-]?\d*(?:\.(\d*))?$/.exec(plain);
  const places = written ? Math.max((written[1] ?? "").length, 1) : 2;
  return (value.x + steps * 10 ** -places).toFixed(places).replace(/^-(0(?:\.0*)?)$/, "$1");
}
