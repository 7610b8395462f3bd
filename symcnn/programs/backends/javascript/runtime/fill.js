/**
 * Write the entries of nested arrays into a row, from a place on; return the place behind them.
 * @param {unknown} value
 * @param {string} name
 * @param {Float64Array} row
 * @param {number} place
 * @returns {number}
 */
function fill(value, name, row, place) {
  if (isRow(value)) {
    let next = place;
    for (let n = 0; n < value.length; n++) {
      next = fill(value[n], name, row, next);
    }
    return next;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new TypeError(
      `${name}, number ${place + 1}, is ${shown(value)}: a finite number is needed`,
    );
  }
  row[place] = value;
  return place + 1;
}
