/** All numbers from a to b. @typedef {{a: Decimal, b: Decimal}} Interval */

/** @type {Interval} */
const WHOLE = { a: MINUS_INFINITE, b: INFINITE };

/** Return the interval between two fractions. @type {(least: Fraction, greatest: Fraction) => Interval} */
function between(least, greatest) {
  return { a: decimalOf(least, false), b: decimalOf(greatest, true) };
}

/** Return a fraction as a decimal, rounded up or down if it is none. @type {(x: Fraction, up: boolean) => Decimal} */
function decimalOf({ n, d }, up) {
  const places = decimalPlaces(d, DIGITS);
  return places === null ? divide({ c: n, e: 0 }, { c: d, e: 0 }, up) : rounded((n * ten(places)) / d, -places, up);
}

/** Read a fraction, or both ends of an interval. @type {(texts: string[]) => Interval} */
function intervalOf([text, greatest]) {
  const exact = greatest === undefined ? fractionIn(text) : null;
  return exact ? between(exact, exact) : { a: decimal(text), b: decimal(greatest) };
}

/** Return one number as an interval. @type {(x: Decimal) => Interval} */
function point(x) {
  return { a: x, b: x };
}

/** Tell whether an interval has a least and a greatest number. @type {(x: Interval) => boolean} */
function isBounded(x) {
  return x.a.e !== Infinity && x.b.e !== Infinity;
}

/** Tell whether two intervals have a number in common. @type {(x: Interval, y: Interval) => boolean} */
function meets(x, y) {
  return compare(x.a, y.b) <= 0 && compare(y.a, x.b) <= 0;
}

/** Return the smaller one of two decimals. @type {(x: Decimal, y: Decimal) => Decimal} */
function lower(x, y) {
  return compare(x, y) <= 0 ? x : y;
}

/** Return the larger one of two decimals. @type {(x: Decimal, y: Decimal) => Decimal} */
function upper(x, y) {
  return compare(x, y) >= 0 ? x : y;
}

/** Return the least interval around two. @type {(x: Interval, y: Interval) => Interval} */
function hull(x, y) {
  return { a: lower(x.a, y.a), b: upper(x.b, y.b) };
}

/** Return all sums. @type {(x: Interval, y: Interval) => Interval} */
function sum(x, y) {
  return { a: add(x.a, y.a, false), b: add(x.b, y.b, true) };
}

/** Return all opposite numbers. @type {(x: Interval) => Interval} */
function negative(x) {
  return { a: opposite(x.b), b: opposite(x.a) };
}

/** Return all products. @type {(x: Interval, y: Interval) => Interval} */
function product(x, y) {
  if (!isBounded(x) || !isBounded(y)) {
    return WHOLE;
  }
  const pairs = [x.a, x.b].flatMap((u) => [y.a, y.b].map((v) => [u, v]));
  return {
    a: pairs.map(([u, v]) => multiply(u, v, false)).reduce(lower),
    b: pairs.map(([u, v]) => multiply(u, v, true)).reduce(upper),
  };
}

/**
 * Return all quotients of 1 by the numbers; without a bound where 0 is among them.
 * @type {(x: Interval) => Interval}
 */
function inverse(x) {
  if (compare(x.a, ZERO) <= 0 && compare(x.b, ZERO) >= 0) {
    if (compare(x.a, x.b) === 0) {
      throw new NoValue("a division by 0");
    }
    return WHOLE;
  }
  return { a: divide(ONE, x.b, false), b: divide(ONE, x.a, true) };
}

/** Return all absolute values. @type {(x: Interval) => Interval} */
function sizes(x) {
  if (compare(x.a, ZERO) >= 0) {
    return x;
  }
  return compare(x.b, ZERO) <= 0 ? negative(x) : { a: ZERO, b: upper(opposite(x.a), x.b) };
}

/** Return all powers with an integer exponent. @type {(x: Interval, exponent: number) => Interval} */
function power(x, exponent) {
  if (exponent < 0) {
    return inverse(power(x, -exponent));
  }
  const even = exponent % 2 === 0 && compare(x.a, ZERO) < 0 ? sizes(x) : x;
  return { a: raised(even.a, exponent, false), b: raised(even.b, exponent, true) };
}

/**
 * Return a power of an end, rounded at every step; of a negative one the exponent is odd.
 * @type {(end: Decimal, exponent: number, up: boolean) => Decimal}
 */
function raised(end, exponent, up) {
  if (end.c < 0n) {
    return opposite(raised(opposite(end), exponent, !up));
  }
  let result = ONE;
  for (let n = 0; n < exponent; n++) {
    result = end.e === Infinity ? end : multiply(result, end, up);
  }
  return result;
}
