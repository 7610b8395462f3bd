/**
 * Return the error function of z: its series near 0, and 1 - erfc(z) elsewhere.
 * @param {number} z
 * @returns {number}
 */
function erf(z) {
  const size = Math.min(Math.abs(z), 9); // erf(9) is 1 in floats
  if (size > 0.8) {
    return Math.sign(z) * (1 - bell(size, 1) * scaledErfc(size));
  }
  let sum = 0;
  let power = z;
  for (let n = 0; n < 18; n++) {
    sum += power / (2 * n + 1);
    power *= (-z * z) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
