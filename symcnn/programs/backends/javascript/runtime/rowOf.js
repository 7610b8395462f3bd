/**
 * Return the numbers for one tensor in a row: of nested arrays of its shape, or of a flat one.
 * @param {unknown} value
 * @param {string} name
 * @param {readonly number[]} shape
 * @returns {Float64Array}
 */
function rowOf(value, name, shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  const found = shapeOf(value, name);
  const isFlat = found.length <= 1 && (found[0] ?? 1) === size;
  if (!isFlat && String(found) !== String(shape)) {
    const itself = found.length === 0 ? "of a single number" : found.join("x");
    throw new RangeError(
      `${name} has the shape ${itself}, but ${shape.join("x")} is needed: ` +
        `give nested arrays of that shape or one flat array of ${size} numbers`,
    );
  }
  const row = new Float64Array(size);
  fill(value, name, row, 0);
  return row;
}
