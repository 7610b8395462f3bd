/**
 * A fraction n / d in any terms, with a positive d.
 * @typedef {{n: bigint, d: bigint}} Fraction
 */

/**
 * Return a fraction c 10^e.
 * @param {bigint} c
 * @param {number} e
 * @returns {Fraction}
 */
function scaledBy(c, e) {
  return e < 0 ? { n: c, d: ten(-e) } : { n: c * ten(e), d: 1n };
}

/**
 * Return x + y.
 * @param {Fraction} x
 * @param {Fraction} y
 * @returns {Fraction}
 */
function plus(x, y) {
  return { n: x.n * y.d + y.n * x.d, d: x.d * y.d };
}

/**
 * Return x - y.
 * @param {Fraction} x
 * @param {Fraction} y
 * @returns {Fraction}
 */
function minus(x, y) {
  return { n: x.n * y.d - y.n * x.d, d: x.d * y.d };
}

/**
 * Return half of x.
 * @param {Fraction} x
 * @returns {Fraction}
 */
function half(x) {
  return { n: x.n, d: 2n * x.d };
}

/**
 * Return the absolute value of x.
 * @param {Fraction} x
 * @returns {Fraction}
 */
function size(x) {
  return x.n < 0n ? { n: -x.n, d: x.d } : x;
}

/**
 * Tell whether x is at most y.
 * @param {Fraction} x
 * @param {Fraction} y
 * @returns {boolean}
 */
function atMost(x, y) {
  return x.n * y.d <= y.n * x.d;
}

/**
 * Return the larger one of x and y.
 * @param {Fraction} x
 * @param {Fraction} y
 * @returns {Fraction}
 */
function larger(x, y) {
  return atMost(x, y) ? y : x;
}

/**
 * Return the power of ten of the first digit of a fraction that is not 0.
 * @param {Fraction} x
 * @returns {number}
 */
function exponentOf(x) {
  const { n, d } = size(x);
  const guess = digits(n) - digits(d);
  const unit = scaledBy(1n, guess);
  return atMost(unit, { n, d }) ? guess : guess - 1;
}

/**
 * Return a decimal as a fraction.
 * @param {Decimal} x
 * @returns {Fraction}
 */
function fractionOf(x) {
  return scaledBy(x.c, x.e);
}
