/**
 * How near figures have to be: the significant digits that are asked for; a tolerance, as a fraction
 * and what it is counted in ("unit", "%" or ""); 1 where digits may be cut off; and the share of its
 * points that an imprecise figure earns.
 * @typedef {{digits: number, tolerance: [string, string] | null, truncation: number, share: number}} Precision
 */

/** @type {Fraction} */
const NONE = { n: 0n, d: 1n };

/** Return how far a figure may be from a number. @type {(precision: Precision, x: Fraction) => Fraction} */
function reachOf(precision, x) {
  const unit = x.n === 0n ? NONE : scaledBy(1n, exponentOf(x) - precision.digits + 1);
  return larger(half(unit), tolerated(precision, sizeOf(x), unit));
}

/** @type {(precision: Precision, size: Fraction, unit: Fraction) => Fraction} */
function tolerated({ tolerance }, size, unit) {
  if (tolerance === null) {
    return NONE;
  }
  const [amount, kind] = [fractionIn(tolerance[0]), tolerance[1]];
  const one = { n: 1n, d: 1n };
  const { n, d } = kind === "unit" ? unit : kind === "%" ? { n: size.n, d: 100n * size.d } : one;
  return { n: amount.n * n, d: amount.d * d };
}

/**
 * Tell whether a number, known to many digits, agrees with a figure.
 * @type {(precision: Precision, numbers: Interval | null, written: Written) => boolean}
 */
function agreesAt(precision, numbers, written) {
  const middle = middleOf(numbers);
  return middle !== null && isNear(numbers, written, reachOf(precision, middle));
}

/**
 * Tell whether some of these numbers round to a figure, or are as near as is tolerated.
 * @type {(precision: Precision, numbers: Interval | null, written: Written) => boolean}
 */
function mayStandFor(precision, numbers, written) {
  const own = half(minus(written.greatest, written.least));
  const wide = precision.tolerance === null ? own : larger(own, reachOf(precision, valueOf(written)));
  return isNear(numbers, written, wide);
}

/**
 * Tell whether a given number agrees that was handed in: to its own last digit as well.
 * @type {(precision: Precision, numbers: Interval | null, written: Written) => boolean}
 */
function repeatsRightly(precision, numbers, written) {
  const middle = middleOf(numbers);
  if (middle === null || !agreesAt(precision, numbers, written)) {
    return false;
  }
  const unit = minus(written.greatest, written.least);
  const off = sizeOf(minus(middle, valueOf(written)));
  return !atMost(unit, off) || isNear(numbers, written, NONE);
}

/** Tell whether a figure has fewer digits than are asked for. @type {(precision: Precision, written: Written) => boolean} */
function isShort(precision, written) {
  const own = half(minus(written.greatest, written.least));
  return !atMost(own, reachOf(precision, valueOf(written)));
}

/**
 * Tell whether some of these numbers round to a figure that is short; a zero has to have as many
 * decimal places as digits are asked for.
 * @type {(precision: Precision, numbers: Interval | null, written: Written) => boolean}
 */
function roundsShort(precision, numbers, written) {
  const most = half(scaledBy(1n, -precision.digits));
  if (valueOf(written).n === 0n && !atMost(written.greatest, most)) {
    return false;
  }
  return numbers !== null && meets(numbers, standsFor(written));
}

/**
 * Tell whether a figure is some of these numbers with the digits behind it cut off.
 * @type {(numbers: Interval | null, written: Written) => boolean}
 */
function isTruncated(numbers, written) {
  const unit = minus(written.greatest, written.least);
  const value = valueOf(written);
  if (numbers === null || unit.n === 0n || value.n === 0n) {
    return false;
  }
  const isPositive = value.n > 0n;
  const cut = isPositive ? between(value, plus(value, unit)) : between(minus(value, unit), value);
  const isLastOff = isPositive ? compare(numbers.a, cut.b) >= 0 : compare(numbers.b, cut.a) <= 0;
  return meets(numbers, cut) && !isLastOff;
}

/** @type {(numbers: Interval | null) => Fraction | null} */
function middleOf(numbers) {
  if (numbers === null || !isBounded(numbers)) {
    return null;
  }
  return half(plus(fractionOf(numbers.a), fractionOf(numbers.b)));
}

/** @type {(numbers: Interval | null, written: Written, reach: Fraction) => boolean} */
function isNear(numbers, written, reach) {
  const value = valueOf(written);
  return numbers !== null && meets(numbers, between(minus(value, reach), plus(value, reach)));
}
