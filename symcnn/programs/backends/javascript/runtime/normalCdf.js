/**
 * Return the distribution function of the standard normal distribution, erfc(-z/sqrt(2))/2.
 * @param {number} z
 * @returns {number}
 */
function normalCdf(z) {
  const size = Math.min(Math.abs(z), 60); // beyond it the tail is 0 in floats
  if (size < 1) {
    return (1 + erf(z * Math.SQRT1_2)) / 2;
  }
  const tail = (bell(size, 2) * scaledErfc(size * Math.SQRT1_2)) / 2;
  return z < 0 ? tail : 1 - tail;
}
