/**
 * Return exp(-z^2/n) for n of 1 or 2; the square of the first 24 bits of z is exact, and what they
 * leave is small.
 * @param {number} z
 * @param {number} n
 * @returns {number}
 */
function bell(z, n) {
  const first = Math.fround(z);
  return Math.exp((-first * first) / n) * Math.exp(((first - z) * (first + z)) / n);
}
