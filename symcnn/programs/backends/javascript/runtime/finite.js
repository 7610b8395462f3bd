/**
 * Return results, all of which are finite, as nested arrays by the name of their tensors.
 * @param {readonly string[]} names
 * @param {Record<string, Float64Array>} rows
 * @param {string} what
 * @returns {Record<string, Nested>}
 */
function finite(names, rows, what) {
  /** @type {[string, Nested][]} */
  const made = names.map((name) => {
    const wrong = rows[name].findIndex((entry) => !Number.isFinite(entry));
    if (wrong >= 0) {
      throw new RangeError(
        `${what}${name}, number ${wrong + 1}, is ${rows[name][wrong]}: a division by 0, ` +
          "a logarithm of 0 or an overflow occurs: choose other numbers",
      );
    }
    return [name, nested(rows[name], SHAPES[name])];
  });
  return Object.fromEntries(made);
}
