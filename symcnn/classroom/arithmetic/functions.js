// Other functions of one variable, on intervals, by the names that steps have for them.

const PI = 3141592653589793238462643383279502884197169399375105820974945n; // with 60 places
const TWO = point({ c: 2n, e: 0 });
const HALF = point({ c: 5n, e: -1 });
const SURE = { a: { c: -1n, e: 0 }, b: { c: 1n, e: 0 } };
const FLAT = 100; // from here on, tanh and erf are 1 to 40 digits

/**
 * Tell whether the size of x is large, with n digits before the point or more.
 * @type {(x: Decimal, n: number) => boolean}
 */
function isLarge(x, n) {
  return x.e === Infinity || (x.c !== 0n && digitsOf(x.c) + x.e > n);
}

/** Return a number next to 1 or -1. @type {(x: Decimal) => Interval} */
function nearOne(x) {
  const near = { a: { c: FULL - 1n, e: -DIGITS }, b: ONE };
  return x.c > 0n ? near : negative(near);
}

/** Return tanh x = 1 - 2 / (e^2x + 1). @type {(x: Decimal) => Interval} */
function tanhAt(x) {
  if (isLarge(x, digitsOf(BigInt(FLAT)) - 1)) {
    return nearOne(x);
  }
  const below = inverse(sum(exp(product(TWO, point(x))), point(ONE)));
  return sum(point(ONE), negative(product(TWO, below)));
}

/** Return sinh x = (e^x - e^-x) / 2. @type {(x: Decimal) => Interval} */
function sinhAt(x) {
  const twice = sum(exp(point(x)), negative(exp(point(opposite(x)))));
  return product(HALF, twice);
}

/**
 * Return asinh x = log(x + root(x^2 + 1)) of a number that is not negative, or its opposite.
 * @type {(x: Decimal) => Interval}
 */
function asinhAt(x) {
  if (x.c < 0n) {
    return negative(asinhAt(opposite(x)));
  }
  return log(sum(point(x), root(sum(power(point(x), 2), point(ONE)))));
}

/** Return e^x - 1. @type {(x: Decimal) => Interval} */
function expm1At(x) {
  return sum(exp(point(x)), point({ c: -1n, e: 0 }));
}

/** Return sin z of a fixed-point number by its series, between -4 and 4. @type {(z: bigint) => bigint} */
function sine(z) {
  let [term, total] = [z, z];
  for (let n = 2n; term !== 0n; n += 2n) {
    term = (((-term * z) / UNIT) * z) / (UNIT * n * (n + 1n));
    total += term;
  }
  return total;
}

/** Return z less a multiple of 2 pi: a number between -pi and pi. @type {(z: bigint) => bigint} */
function turned(z) {
  const turn = 2n * PI;
  return z - floorOf(z + PI, turn) * turn;
}

/** Return the largest integer up to x / y. @type {(x: bigint, y: bigint) => bigint} */
function floorOf(x, y) {
  const quotient = x / y;
  return x % y < 0n ? quotient - 1n : quotient;
}

/** Return all sines of the numbers plus a shift. @type {(x: Interval, shift: bigint) => Interval} */
function sines(x, shift) {
  if (isLarge(x.a, 9) || isLarge(x.b, 9)) {
    return SURE;
  }
  const [low, high] = [fixed(x.a) + shift, fixed(x.b) + shift];
  const peaks = (/** @type {bigint} */ at) =>
    floorOf(high - at, 2n * PI) > floorOf(low - at - 1n, 2n * PI);
  const ends = [low, high].map((z) => around(sine(turned(z)), -PLACES));
  const found = hull(ends[0], ends[1]);
  return {
    a: peaks(-PI / 2n) ? SURE.a : upper(found.a, SURE.a),
    b: peaks(PI / 2n) ? SURE.b : lower(found.b, SURE.b),
  };
}

/** Return all tangents; without a bound where there is a pole among the numbers. @type {(x: Interval) => Interval} */
function tangents(x) {
  const poles = (/** @type {Decimal} */ z) => floorOf(fixed(z) + PI / 2n, PI);
  if (isLarge(x.a, 9) || isLarge(x.b, 9) || poles(x.a) !== poles(x.b)) {
    return WHOLE;
  }
  const at = (/** @type {Decimal} */ z) =>
    product(sines(point(z), 0n), inverse(sines(point(z), PI / 2n)));
  return rising(at, x);
}

/** Return atan x: y + atan((x - tan y) / (1 + x tan y)) with y nearly atan x. @type {(x: Decimal) => Interval} */
function atanAt(x) {
  if (isLarge(x, 40)) {
    const near = around(PI / 2n, -PLACES);
    return x.c > 0n ? near : negative(near);
  }
  const z = fixed(x);
  const y = BigInt(Math.round(Math.atan(Number(z) / 1e60) * 1e15)) * ten(PLACES - 15);
  const [s, c] = [sine(turned(y)), sine(turned(y + PI / 2n))];
  const rest = ((z * c - UNIT * s) * UNIT) / (UNIT * c + z * s);
  return around(y + rest - (((rest * rest) / UNIT) * rest) / (3n * UNIT), -PLACES);
}

/** Return erf x = 2 / root(pi) e^-x^2 (x + 2 x^3 / 3 + 4 x^5 / 15 + ...). @type {(x: Decimal) => Interval} */
function erfAt(x) {
  if (isLarge(x, 1)) {
    return nearOne(x);
  }
  const z = fixed(x);
  const square = (z * z) / UNIT;
  let [term, total] = [z, z];
  for (let n = 1n; term !== 0n; n++) {
    term = (2n * term * square) / (UNIT * (2n * n + 1n));
    total += term;
  }
  const pi = around(PI, -PLACES);
  const bell = exp(negative(power(point(x), 2)));
  const scale = product(product(TWO, inverse(root(pi))), bell);
  return product(scale, around(total, -PLACES));
}

/** Return asin x = atan(x / root(1 - x^2)) of a number between -1 and 1. @type {(x: Decimal) => Interval} */
function asinAt(x) {
  const leg = sum(point(ONE), negative(power(point(x), 2)));
  if (compare(leg.a, ZERO) <= 0) {
    const right = around(PI / 2n, -PLACES);
    return x.c > 0n ? right : negative(right);
  }
  return rising(atanAt, product(point(x), inverse(root(leg))));
}

/** Return acosh x = log(x + root(x^2 - 1)) of a number from 1 on. @type {(x: Decimal) => Interval} */
function acoshAt(x) {
  return log(sum(point(x), root(sum(power(point(x), 2), point(opposite(ONE))))));
}

/** Return atanh x = log((1 + x) / (1 - x)) / 2 of a number between -1 and 1. @type {(x: Decimal) => Interval} */
function atanhAt(x) {
  const below = sum(point(ONE), point(opposite(x)));
  if (compare(below.a, ZERO) <= 0 || compare(x, opposite(ONE)) <= 0) {
    return point(x.c > 0n ? INFINITE : MINUS_INFINITE);
  }
  return product(HALF, log(product(sum(point(ONE), point(x)), inverse(below))));
}

/**
 * Return the numbers at which a function is defined.
 * @type {(name: string, x: Interval, least: Decimal, greatest: Decimal) => Interval}
 */
function inDomain(name, x, least, greatest) {
  const found = { a: upper(x.a, least), b: lower(x.b, greatest) };
  if (compare(found.a, found.b) > 0) {
    throw new NoValue(`${name} of a number outside of its domain`);
  }
  return found;
}

/** Return all arcsines of the numbers that have one. @type {(x: Interval) => Interval} */
function arcsines(x) {
  return rising(asinAt, inDomain("asin", x, opposite(ONE), ONE));
}

/** Return all hyperbolic cosines. @type {(x: Interval) => Interval} */
function coshes(x) {
  return rising((z) => product(HALF, sum(exp(point(z)), exp(point(opposite(z))))), sizes(x));
}

/** Return the largest integer that is not above a decimal. @type {(x: Decimal) => Decimal} */
function floorAt(x) {
  if (x.e >= 0) {
    return x;
  }
  const unit = 10n ** BigInt(-x.e);
  const towardsZero = x.c / unit;
  return { c: towardsZero * unit > x.c ? towardsZero - 1n : towardsZero, e: 0 };
}

/** Return 1 - erf x, which falls. @type {(x: Interval) => Interval} */
function tails(x) {
  return sum(point(ONE), negative(rising(erfAt, x)));
}

/** @type {{[name: string]: (x: Interval) => Interval}} */
const FUNCTIONS = {
  exp,
  log,
  root,
  abs: sizes,
  acos: (x) => sum(around(PI / 2n, -PLACES), negative(arcsines(inDomain("acos", x, opposite(ONE), ONE)))),
  acosh: (x) => rising(acoshAt, inDomain("acosh", x, ONE, INFINITE)),
  asin: arcsines,
  atanh: (x) => rising(atanhAt, inDomain("atanh", x, opposite(ONE), ONE)),
  cosh: coshes,
  erfc: tails,
  floor: (x) => ({ a: floorAt(x.a), b: floorAt(x.b) }),
  log1p: (x) => log(sum(point(ONE), x)),
  sign: (x) => ({ a: { c: BigInt(compare(x.a, ZERO)), e: 0 }, b: { c: BigInt(compare(x.b, ZERO)), e: 0 } }),
  tanh: (x) => rising(tanhAt, x),
  sinh: (x) => rising(sinhAt, x),
  asinh: (x) => rising(asinhAt, x),
  expm1: (x) => rising(expm1At, x),
  atan: (x) => rising(atanAt, x),
  erf: (x) => rising(erfAt, x),
  sin: (x) => sines(x, 0n),
  cos: (x) => sines(x, PI / 2n),
  tan: tangents,
  sigmoid: (x) => inverse(sum(point(ONE), exp(negative(x)))),
  softplus: (x) => log(sum(point(ONE), exp(x))),
  normal_cdf: (x) => product(HALF, sum(point(ONE), rising(erfAt, product(x, root(HALF))))),
};

/** Return the largest numbers of two intervals. @type {(x: Interval, y: Interval) => Interval} */
function largest(x, y) {
  return { a: upper(x.a, y.a), b: upper(x.b, y.b) };
}

/** Return the orders of two numbers that are possible, added up: 1 less, 2 equal, 4 greater. @type {(x: Interval, y: Interval) => number} */
function orderOf(x, y) {
  const less = compare(x.a, y.b) < 0 ? 1 : 0;
  const equal = meets(x, y) ? 2 : 0;
  const greater = compare(x.b, y.a) > 0 ? 4 : 0;
  return less + equal + greater;
}

/** Every value that a formula takes as its entries vary. @type {Arithmetic<Interval>} */
const INTERVALS = {
  number: intervalOf,
  nothing: () => {
    throw new NoValue("there is no value");
  },
  negative,
  power(x, n, d) {
    const isRoot = n === 1 && d === 2;
    const exponent = { n: BigInt(n), d: BigInt(d) };
    return d === 1 ? power(x, n) : isRoot ? root(x) : exp(product(log(x), between(exponent, exponent)));
  },
  order: orderOf,
  hull,
  operations: { "+": sum, "*": product, max: largest, pow: (x, y) => exp(product(y, log(x))) },
  functions: FUNCTIONS,
};
