/**
 * Return log(1 + exp(z)); no exponent is positive, so nothing overflows.
 * @param {number} z
 * @returns {number}
 */
function softplus(z) {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}
