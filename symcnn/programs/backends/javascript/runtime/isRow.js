/**
 * Tell whether a value is an array, or a typed one.
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
function isRow(value) {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}
