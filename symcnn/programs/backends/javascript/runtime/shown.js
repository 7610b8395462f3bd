/**
 * Return a value as an error quotes it, on one line and not too long.
 * @param {unknown} value
 * @returns {string}
 */
function shown(value) {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 36)} ...` : text;
}
