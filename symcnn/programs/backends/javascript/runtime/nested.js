/**
 * Return a row of numbers as nested arrays of a shape.
 * @param {ArrayLike<number>} row
 * @param {readonly number[]} shape
 * @returns {Nested}
 */
function nested(row, shape) {
  let place = 0;
  /** @type {(axis: number) => Nested} */
  const part = (axis) => {
    if (axis === shape.length) {
      return row[place++];
    }
    const made = [];
    for (let n = 0; n < shape[axis]; n++) {
      made.push(part(axis + 1));
    }
    return made;
  };
  return part(0);
}
