/**
 * Return 1/(1 + exp(-z)); no exponent is positive, so nothing overflows.
 * @param {number} z
 * @returns {number}
 */
function sigmoid(z) {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
