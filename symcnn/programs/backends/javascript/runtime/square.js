/**
 * Return z times z.
 * @param {number} z
 * @returns {number}
 */
function square(z) {
  return z * z;
}
