/**
 * Return exp(z^2) erfc(z) for z > 0.7, by the trapezoidal rule with steps h = 1/2 for
 *
 *     exp(z^2) erfc(z)  =  z/pi  integral of exp(-t^2)/(z^2 + t^2),
 *
 * whose error of exp(-pi^2/h^2) is below the last digit once the poles +-iz are accounted for
 * (Chiarella and Reichel, "On the evaluation of integrals related to the error function", 1968).
 * @param {number} z
 * @returns {number}
 */
function scaledErfc(z) {
  let sum = 0.5 / (z * z);
  for (let n = 1; n <= 12; n++) {
    sum += Math.exp((-n * n) / 4) / (z * z + (n * n) / 4);
  }
  const poles = z < 6 ? (2 * Math.exp(z * z)) / Math.expm1(4 * Math.PI * z) : 0;
  return (z / Math.PI) * sum - poles;
}
