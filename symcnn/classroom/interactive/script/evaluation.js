/** The figures of the page at some numbers; each is printed once, when it is asked for. */
class Evaluation {
  /** @param {Data} told @param {Record<string, Real[]>} given */
  constructor({ program, manner }, given) {
    this.figures = evaluateFigures(program, given);
    this.manner = manner;
    /** @type {Numeral[]} */
    this.printed = [];
  }

  get isFinite() {
    return this.figures.every((figure) => Number.isFinite(figure.x));
  }

  /** Return a figure as it is printed. @type {(key: number) => Numeral} */
  numeral(key) {
    return (this.printed[key] ??= numeral(this.figures[key], this.manner));
  }

  /** Return a figure with the sign of equality before it. @type {(key: number) => string} */
  inWords(key) {
    const made = this.numeral(key);
    return `${made.isExact ? "=" : "\u2248"} ${inOneLine(made)}`;
  }

  /** Tell whether a figure is 0, as far as rounding errors leave that certain. @type {(key: number) => boolean} */
  isZero(key) {
    return this.numeral(key).digits === "0";
  }

  /** Return how all decisions fall. @type {(decisions: Decision[]) => string[]} */
  state(decisions) {
    return decisions.map((decision) => fallen(decision, this.figures));
  }
}
