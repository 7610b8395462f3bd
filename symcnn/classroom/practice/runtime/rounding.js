/**
 * How somebody rounds, as the figures show: the most digits that a figure has, null where there is
 * none, and the power of ten of the smallest last digit.
 * @typedef {{digits: number | null, unit: number}} Rounding
 */

/** Read it off some figures; exact ones tell nothing. @type {(figures: Iterable<Written>) => Rounding} */
function roundingOf(figures) {
  let [most, least] = [-Infinity, Infinity];
  for (const written of figures) {
    const width = minus(written.greatest, written.least);
    const value = valueOf(written);
    if (value.n !== 0n && width.n > 0n) {
      const unit = exponentOf(width);
      most = Math.max(most, exponentOf(value) - unit + 1);
      least = Math.min(least, unit);
    }
  }
  return most === -Infinity ? { digits: null, unit: 0 } : { digits: most, unit: least };
}

/**
 * Return what a figure stands for if it has fewer digits since others would be 0; else null.
 * @type {(rounding: Rounding, written: Written) => Interval | null}
 */
function precise(rounding, written) {
  const value = valueOf(written);
  const width = minus(written.greatest, written.least);
  if (rounding.digits === null || value.n === 0n || width.n === 0n) {
    return null;
  }
  const own = exponentOf(value) - rounding.digits + 1;
  const unit = scaledBy(1n, rounding.unit < 0 ? Math.max(own, rounding.unit) : own);
  if (atMost(width, unit)) {
    return null;
  }
  return between(minus(value, half(unit)), plus(value, half(unit)));
}

/**
 * Return some numbers, and what is left of them when they are rounded like this, or to a digit more,
 * as on a calculator.
 * @type {(rounding: Rounding, x: Interval) => Interval}
 */
function roundedLike(rounding, x) {
  const units = unitsOf(rounding, x);
  if (units.length === 0) {
    return x;
  }
  const low = units.map((unit) => multiple(x.a, unit, false)).reduce(lower);
  const high = units.map((unit) => multiple(x.b, unit, true)).reduce(upper);
  return hull(x, { a: low, b: high });
}

/** Return what rounding some numbers like this may add to them. @type {(rounding: Rounding, x: Interval) => Interval} */
function roundingError(rounding, x) {
  const most = unitsOf(rounding, x).reduce((found, unit) => upper(found, { c: 5n, e: unit - 1 }), ZERO);
  const changes = sum(roundedLike(rounding, x), negative(x));
  return { a: upper(opposite(most), changes.a), b: lower(most, changes.b) };
}

/** Return the units of last digits that some numbers may be rounded to. @type {(rounding: Rounding, x: Interval) => number[]} */
function unitsOf(rounding, x) {
  const furthest = upper(sizes(point(x.a)).a, sizes(point(x.b)).a);
  if (rounding.digits === null || !isBounded(x) || furthest.c === 0n) {
    return [];
  }
  const own = digitsOf(furthest.c) + furthest.e - rounding.digits;
  return rounding.unit < 0 ? [own, own - 1, rounding.unit] : [own, own - 1];
}

/**
 * Return the nearest multiple of 10^unit, of two the upper or the lower one.
 * @type {(end: Decimal, unit: number, up: boolean) => Decimal}
 */
function multiple(end, unit, up) {
  const { n, d } = fractionOf({ c: end.c, e: end.e - unit });
  const found = up ? floorOf(2n * n + d, 2n * d) : -floorOf(-(2n * n - d), 2n * d);
  return { c: found, e: unit };
}
