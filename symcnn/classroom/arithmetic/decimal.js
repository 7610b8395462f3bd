/** A decimal c 10^e. Without a bound, e is Infinity and c is a sign. @typedef {{c: bigint, e: number}} Decimal */

const DIGITS = 40; // of a number that is rounded
const FULL = 10n ** BigInt(DIGITS);
const EXPONENT = 1_000_000; // the largest one

/** Thrown where something has no value, as the logarithm of a negative number. */
class NoValue extends Error {}

/** @type {Decimal} */
const ZERO = { c: 0n, e: 0 };
/** @type {Decimal} */
const ONE = { c: 1n, e: 0 };
/** @type {Decimal} */
const INFINITE = { c: 1n, e: Infinity };
/** @type {Decimal} */
const MINUS_INFINITE = { c: -1n, e: Infinity };

/** Return c 10^e with 40 digits, rounded up or down. @type {(c: bigint, e: number, up: boolean) => Decimal} */
function rounded(c, e, up) {
  if (c < FULL && c > -FULL) {
    return { c, e };
  }
  const over = digitsOf(c) - DIGITS;
  if (e + over > EXPONENT) {
    throw new NoValue("a number is too large");
  }
  const unit = ten(over);
  const rest = c % unit;
  let quotient = c / unit;
  if (up && rest > 0n) {
    quotient += 1n;
  } else if (!up && rest < 0n) {
    quotient -= 1n;
  }
  return { c: quotient, e: e + over };
}

/** Return x + y, rounded up or down. @type {(x: Decimal, y: Decimal, up: boolean) => Decimal} */
function add(x, y, up) {
  if (x.e === Infinity || y.e === Infinity) {
    return infiniteSum(x, y);
  }
  if (x.c === 0n || y.c === 0n) {
    const other = x.c === 0n ? y : x;
    return rounded(other.c, other.e, up);
  }
  const [large, small] = x.e >= y.e ? [x, y] : [y, x];
  const gap = large.e - small.e;
  if (gap > 4 * DIGITS) {
    return farSum(large, small, up);
  }
  return rounded(large.c * ten(gap) + small.c, small.e, up);
}

/** Return x + y, one of which has no bound. @type {(x: Decimal, y: Decimal) => Decimal} */
function infiniteSum(x, y) {
  if (x.e === y.e && x.c !== y.c) {
    throw new NoValue("infinity less infinity");
  }
  return x.e === Infinity ? x : y;
}

/**
 * Return a sum whose terms are far apart: what is much smaller matters by its sign alone.
 * @type {(large: Decimal, small: Decimal, up: boolean) => Decimal}
 */
function farSum(large, small, up) {
  const most = 4 * DIGITS;
  const tiny = digitsOf(small.c) + small.e < large.e - 2 * DIGITS;
  if (!tiny) {
    return rounded(large.c * ten(large.e - small.e) + small.c, small.e, up);
  }
  return rounded(large.c * ten(most) + (small.c > 0n ? 1n : -1n), large.e - most, up);
}

/** Return x y, rounded up or down. @type {(x: Decimal, y: Decimal, up: boolean) => Decimal} */
function multiply(x, y, up) {
  return rounded(x.c * y.c, x.e + y.e, up);
}

/** Return x / y, rounded up or down. @type {(x: Decimal, y: Decimal, up: boolean) => Decimal} */
function divide(x, y, up) {
  if (x.e === Infinity || y.e === Infinity) {
    return quotientOfInfinite(x, y);
  }
  const shift = Math.max(0, DIGITS + 2 + digitsOf(y.c) - digitsOf(x.c));
  const above = x.c * ten(shift);
  let quotient = above / y.c;
  const rest = above % y.c;
  if (rest !== 0n && up === (rest > 0n === y.c > 0n)) {
    quotient += up ? 1n : -1n; // a division of integers rounds to 0
  }
  return rounded(quotient, x.e - y.e - shift, up);
}

/** Return x / y, one of which has no bound. @type {(x: Decimal, y: Decimal) => Decimal} */
function quotientOfInfinite(x, y) {
  if (y.e === Infinity) {
    return ZERO;
  }
  return x.c > 0n === y.c > 0n ? INFINITE : MINUS_INFINITE;
}

/** Return the sign of x - y. @type {(x: Decimal, y: Decimal) => number} */
function compare(x, y) {
  if (x.e === Infinity || y.e === Infinity) {
    const [one, other] = [x, y].map((z) => (z.e === Infinity ? Number(z.c) : 0));
    return Math.sign(one - other);
  }
  if (x.c === 0n || y.c === 0n || x.c > 0n !== y.c > 0n) {
    return signOf(x.c) - signOf(y.c) > 0 ? 1 : signOf(x.c) === signOf(y.c) ? 0 : -1;
  }
  const gap = digitsOf(x.c) + x.e - digitsOf(y.c) - y.e;
  if (gap !== 0) {
    return gap > 0 === x.c > 0n ? 1 : -1;
  }
  const least = Math.min(x.e, y.e);
  return signOf(x.c * ten(x.e - least) - y.c * ten(y.e - least));
}

/** Return the opposite number. @type {(x: Decimal) => Decimal} */
function opposite(x) {
  return { c: -x.c, e: x.e };
}

/** Read a decimal as Python prints it: 0.25, -1E-7, Infinity. @type {(text: string) => Decimal} */
function decimal(text) {
  if (text.endsWith("Infinity")) {
    return text.startsWith("-") ? MINUS_INFINITE : INFINITE;
  }
  const [mantissa, exponent = "0"] = text.split("E");
  const [whole, places = ""] = mantissa.split(".");
  return { c: BigInt(whole + places), e: Number(exponent) - places.length };
}

/** Return a decimal as a fraction. @type {(x: Decimal) => Fraction} */
function fractionOf(x) {
  return scaledBy(x.c, x.e);
}

/** @type {(x: Fraction) => Fraction} */
function half(x) {
  return { n: x.n, d: 2n * x.d };
}

/** @type {(x: Fraction, y: Fraction) => Fraction} */
function larger(x, y) {
  return atMost(x, y) ? y : x;
}
