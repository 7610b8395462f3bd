/**
 * Refuse numbers that select no entry of an axis.
 * @param {Float64Array} row
 * @param {string} name
 * @param {number} length
 */
function checkIndices(row, name, length) {
  const wrong = row.findIndex((n) => !Number.isInteger(n) || n < 0 || n >= length);
  if (wrong >= 0) {
    throw new RangeError(
      `${name}, number ${wrong + 1}, is ${row[wrong]}, but it is an index: ` +
        `give a whole number from 0 to ${length - 1}`,
    );
  }
}
