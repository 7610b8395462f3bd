/**
 * A figure that is asked for: quantity, position, entry, and true value: a fraction, or both ends.
 * @typedef {[string, number[], number, string[]]} Asked
 */

/**
 * What figures are marked by. The mistakes have a name, an explanation, 1 for a last resort, and
 * 1 for one that is made in single entries; formulas a last step and the entries that they read,
 * and a stage that they subtract, with the formula without it; entries a tensor, a formula or a
 * number, and 1 for a copy or 2 for what rounding adds to it; tensors 1 for a copy, and the ways to
 * get them wrong: a mistake, and pairs of an entry and another formula, -1 if there is none.
 * @typedef {object} Program
 * @property {[string, string, number, number][]} mistakes
 * @property {[number, number]} ofDigits Of these a given number that is repeated, and digits cut off.
 * @property {Precision} precision
 * @property {number} carried The share of its points for a figure that follows from a wrong one.
 * @property {Asked[]} figures
 * @property {Step[]} steps
 * @property {[number, number[], number?, number?][]} formulas
 * @property {[number, number | string[], number][]} entries
 * @property {[number, [number, number[]][]][]} tensors
 */

/**
 * What formulas are marked by: their boxes, each the figure that it is of and 1 where it is closed,
 * the letters of entries, and which of these are moved, or are error signals.
 * @typedef {object} Formulas
 * @property {[number, number][]} formulaBoxes
 * @property {[string, number][]} symbols
 * @property {number[]} moving
 * @property {number[]} signals
 */

/**
 * Return the formula of an entry; null for what is given.
 * @type {(program: Program, entry: number) => number | null}
 */
function formulaOf(program, entry) {
  const formula = program.entries[entry][1];
  return typeof formula === "number" ? formula : null;
}

/** A way to get a tensor wrong. */
class Way {
  /**
   * @param {Program} program
   * @param {number} tensor
   * @param {number} mistake
   * @param {number[]} pairs Entries, each with its other formula, or -1.
   */
  constructor(program, tensor, mistake, pairs) {
    this.program = program;
    this.tensor = tensor;
    this.mistake = mistake;
    /** @type {Map<number, number | null>} */
    this.other = new Map();
    for (let n = 0; n < pairs.length; n += 2) {
      this.other.set(pairs[n], pairs[n + 1] < 0 ? null : pairs[n + 1]);
    }
  }

  /**
   * Return the formula that the mistake follows; null where it makes no sense.
   * @type {(entry: number) => number | null}
   */
  formula(entry) {
    const other = this.other.get(entry);
    return other === undefined ? formulaOf(this.program, entry) : other;
  }
}

/** Return the ways to get each tensor wrong. @type {(program: Program) => Way[][]} */
function waysOf(program) {
  return program.tensors.map(([, ways], tensor) =>
    ways.map(([mistake, pairs]) => new Way(program, tensor, mistake, pairs)),
  );
}
