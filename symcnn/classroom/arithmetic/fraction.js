/** A fraction n / d in any terms, with a positive d. @typedef {{n: bigint, d: bigint}} Fraction */

/** @type {bigint[]} */
const POWERS = [];

/** Return 10^n. @type {(n: number) => bigint} */
function ten(n) {
  return (POWERS[n] ??= 10n ** BigInt(n));
}

/** Return how many digits an integer has. @type {(c: bigint) => number} */
function digitsOf(c) {
  return (c < 0n ? -c : c).toString().length;
}

/** @type {(c: bigint) => number} */
function signOf(c) {
  return c > 0n ? 1 : c < 0n ? -1 : 0;
}

/** Return the largest integer whose square is at most n. @type {(n: bigint) => bigint} */
function integerRoot(n) {
  let found = ten(Math.ceil(digitsOf(n) / 2));
  for (;;) {
    const next = (found + n / found) / 2n;
    if (next >= found) {
      return found;
    }
    found = next;
  }
}

/** Return the least k for which d divides 10^k, if it is less than a limit. @type {(d: bigint, limit: number) => number | null} */
function decimalPlaces(d, limit) {
  for (let k = 0; k < limit; k++) {
    if (ten(k) % d === 0n) {
      return k;
    }
  }
  return null;
}

/** Read an integer, or a fraction of two. @type {(text: string) => Fraction} */
function fractionIn(text) {
  const [n, d = 1n] = text.split("/").map(BigInt);
  return { n, d };
}

/** Return a fraction c 10^e. @type {(c: bigint, e: number) => Fraction} */
function scaledBy(c, e) {
  return e < 0 ? { n: c, d: ten(-e) } : { n: c * ten(e), d: 1n };
}

/** @type {(x: Fraction, y: Fraction) => Fraction} */
function plus(x, y) {
  return x.d === y.d ? { n: x.n + y.n, d: x.d } : { n: x.n * y.d + y.n * x.d, d: x.d * y.d };
}

/** @type {(x: Fraction, y: Fraction) => Fraction} */
function minus(x, y) {
  return plus(x, { n: -y.n, d: y.d });
}

/** Return the absolute value. @type {(x: Fraction) => Fraction} */
function sizeOf(x) {
  return x.n < 0n ? { n: -x.n, d: x.d } : x;
}

/** @type {(x: Fraction, y: Fraction) => boolean} */
function atMost(x, y) {
  return x.n * y.d <= y.n * x.d;
}

/** Return the power of ten of the first digit of a fraction that is not 0. @type {(x: Fraction) => number} */
function exponentOf(x) {
  const { n, d } = sizeOf(x);
  const guess = digitsOf(n) - digitsOf(d);
  const unit = scaledBy(1n, guess);
  return atMost(unit, { n, d }) ? guess : guess - 1;
}
