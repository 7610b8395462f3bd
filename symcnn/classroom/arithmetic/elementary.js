// Exponentials, logarithms and roots: fixed-point numbers of 60 places, as integers.

const PLACES = 60;
const UNIT = 10n ** BigInt(PLACES);
const LOG_TEN =
  2302585092994045684017991454684364207601101488628772976033328n; // ln 10, with 60 places

/** Return a decimal as a fixed-point number. @type {(x: Decimal) => bigint} */
function fixed(x) {
  const e = x.e + PLACES;
  return e >= 0 ? x.c * ten(e) : -e > 500 ? 0n : x.c / ten(-e);
}

/** Return the interval around a number c 10^e that is known to 45 digits. @type {(c: bigint, e: number) => Interval} */
function around(c, e) {
  const error = (c < 0n ? -c : c) / ten(45) + 1000n;
  return { a: rounded(c - error, e, false), b: rounded(c + error, e, true) };
}

/** Return e^r by its series; the size of r is a few units at the most. @type {(r: bigint) => bigint} */
function series(r) {
  let [term, total] = [UNIT, UNIT];
  for (let n = 1n; term !== 0n; n++) {
    term = (term * r) / (UNIT * n);
    total += term;
  }
  return total;
}

/** Return e^x. @type {(x: Decimal) => Interval} */
function exponential(x) {
  if (x.e === Infinity) {
    return point(x.c > 0n ? x : ZERO);
  }
  if (digitsOf(x.c) + x.e > 7) {
    if (x.c > 0n) {
      throw new NoValue("a number is too large");
    }
    return { a: ZERO, b: { c: 1n, e: -EXPONENT } };
  }
  const z = fixed(x);
  const k = (2n * z + LOG_TEN) / (2n * LOG_TEN) - (z < 0n ? 1n : 0n);
  const found = around(series(z - k * LOG_TEN), Number(k) - PLACES);
  if (Number(k) > EXPONENT) {
    throw new NoValue("a number is too large");
  }
  return found;
}

/** Return the natural logarithm of x; of 0 it has no bound. @type {(x: Decimal) => Interval} */
function logarithm(x) {
  if (x.c === 0n || x.e === Infinity) {
    return point(x.c === 0n ? MINUS_INFINITE : INFINITE);
  }
  const long = x.c.toString();
  const first = Number(`0.${long.slice(0, 17)}`);
  const k = long.length + x.e - (first < 0.3 ? 1 : 0); // x is 10^k times 0.3 to 3
  const m = fixed({ c: x.c, e: x.e - k });
  let y = BigInt(Math.round(Math.log(Number(m) / 1e60) * 1e15)) * ten(PLACES - 15);
  for (let n = 0; n < 2; n++) {
    const raisedTo = series(y); // Halley's step: the error is cubed
    y += (2n * UNIT * (m - raisedTo)) / (m + raisedTo);
  }
  return around(y + BigInt(k) * LOG_TEN, -PLACES);
}

/** Return the square root of x. @type {(x: Decimal) => Interval} */
function squareRoot(x) {
  if (x.c === 0n || x.e === Infinity) {
    return point(x);
  }
  const shift = 2 * PLACES + (x.e % 2 === 0 ? 0 : 1);
  const found = integerRoot(x.c * ten(shift));
  const e = (x.e - shift) / 2;
  const exact = found * found === x.c * ten(shift);
  return { a: rounded(found, e, false), b: rounded(exact ? found : found + 1n, e, true) };
}

/** Return the values of a function that rises. @type {(of: (x: Decimal) => Interval, x: Interval) => Interval} */
function rising(of, x) {
  return { a: of(x.a).a, b: of(x.b).b };
}

/** Return all exponentials. @type {(x: Interval) => Interval} */
function exp(x) {
  const { a, b } = rising(exponential, x);
  return { a: upper(a, ZERO), b };
}

/** Return the logarithms of the numbers that have one. @type {(x: Interval) => Interval} */
function log(x) {
  if (compare(x.b, ZERO) <= 0) {
    throw new NoValue("the logarithm of a number that is not positive");
  }
  return rising(logarithm, { a: upper(x.a, ZERO), b: x.b });
}

/** Return the square roots of the numbers that have one. @type {(x: Interval) => Interval} */
function root(x) {
  if (compare(x.b, ZERO) < 0) {
    throw new NoValue("the square root of a negative number");
  }
  return rising(squareRoot, { a: upper(x.a, ZERO), b: x.b });
}
