/**
 * Return the shape of nested arrays; a number has none.
 * @param {unknown} value
 * @param {string} name
 * @returns {number[]}
 */
function shapeOf(value, name) {
  if (!isRow(value)) {
    return [];
  }
  const first = value.length > 0 ? shapeOf(value[0], name) : [];
  for (let n = 1; n < value.length; n++) {
    const isNumber = first.length === 0 && !isRow(value[n]);
    if (!isNumber && String(shapeOf(value[n], name)) !== String(first)) {
      throw new TypeError(`${name} is ragged: give every row the same number of entries`);
    }
  }
  return [value.length, ...first];
}
