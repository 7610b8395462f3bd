/**
 * A step of computation: what is done, and the numbers of the steps whose results it takes.
 * @typedef {[string, ...(number | string)[]]} Step
 */

/**
 * A figure that is asked for: quantity, position, entry, and true value: "p/q", or both ends.
 * @typedef {[string, number[], number, string[]]} Asked
 */

/**
 * What figures are marked by. The mistakes have a name, an explanation, and 1 for a last resort;
 * formulas a last step and the entries that they read; entries a tensor, a formula or the ends of
 * a number, and 1 for a copy; tensors 1 for a copy, and the ways to get them wrong: a mistake, and
 * pairs of an entry and another formula, -1 if there is none.
 * @typedef {object} Program
 * @property {[string, string, number][]} mistakes
 * @property {Asked[]} figures
 * @property {Step[]} steps
 * @property {[number, number[]][]} formulas
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
 * @param {Program} program
 * @param {number} entry
 * @returns {number | null}
 */
function formulaOf(program, entry) {
  const formula = program.entries[entry][1];
  return typeof formula === "number" ? formula : null;
}

/**
 * Return the interval of a number.
 * @param {string[]} ends
 * @returns {Interval}
 */
function intervalOf(ends) {
  return { a: decimal(ends[0]), b: decimal(ends[1]) };
}
