/**
 * A number: a fraction n/d as long as it is one, and a float always.
 * @typedef {object} Fraction
 * @property {number} x the float
 * @property {number} e how far it may be from the number
 * @property {bigint | null} n the numerator, with the sign
 * @property {bigint | null} d the denominator, which is positive
 */

/** Arithmetic in fractions as long as results are fractions; the program of figures calls it. */
const $ = (() => {
  const LONG = 2n ** 256n;
  const UNIT = 2 ** -53;
  const MOST_FACTORS = 64;

  /** @type {(n: bigint, d: bigint, x?: number) => Fraction} */
  function fraction(n, d, x = quotient(n, d)) {
    if (d === 0n) {
      return approximate(x);
    }
    const isLong = d > LONG;
    const g = isLong ? divisor(n, d) : 1n;
    const unit = d < 0n ? -g : g;
    return { x, e: Math.abs(x) * UNIT, n: n / unit, d: d / unit };
  }

  /** @type {(x: number, e?: number) => Fraction} */
  function approximate(x, e = 0) {
    return { x, e: e + 4 * UNIT * Math.abs(x), n: null, d: null };
  }

  const ZERO = fraction(0n, 1n);
  const ONE = fraction(1n, 1n);

  /** @type {(a: Fraction) => boolean} */
  function isExact(a) {
    return a.n !== null;
  }

  /** @type {(a: Fraction) => boolean} */
  function isZero(a) {
    return a.n === 0n;
  }

  /** @type {(...terms: Fraction[]) => Fraction} */
  function sum(...terms) {
    return terms.reduce(plus);
  }

  /** @type {(a: Fraction, b: Fraction) => Fraction} */
  function plus(a, b) {
    if (a.n === null || a.d === null || b.n === null || b.d === null) {
      return isZero(a) ? b : isZero(b) ? a : approximate(a.x + b.x, a.e + b.e);
    }
    const n = a.d === b.d ? a.n + b.n : a.n * b.d + b.n * a.d;
    return fraction(n, a.d === b.d ? a.d : a.d * b.d, n === 0n ? 0 : a.x + b.x);
  }

  /** @type {(...factors: Fraction[]) => Fraction} */
  function product(...factors) {
    return factors.reduce(times);
  }

  /** @type {(a: Fraction, b: Fraction) => Fraction} */
  function times(a, b) {
    if (isZero(a) || isZero(b)) {
      return Number.isFinite(a.x * b.x) ? ZERO : approximate(NaN);
    }
    if (a.n === null || a.d === null || b.n === null || b.d === null) {
      return approximate(a.x * b.x, Math.abs(a.x) * b.e + Math.abs(b.x) * a.e);
    }
    return fraction(a.n * b.n, a.d * b.d, a.x * b.x);
  }

  /** @type {(a: Fraction) => Fraction} */
  function negative(a) {
    return { x: -a.x, e: a.e, n: a.n === null ? null : -a.n, d: a.d };
  }

  /** @type {(a: Fraction, k: number) => Fraction} */
  function power(a, k) {
    const base = k < 0 ? inverse(a) : a;
    let made = ONE;
    for (let step = 0; step < Math.abs(k); step++) {
      made = times(made, base);
    }
    return made;
  }

  /** @type {(a: Fraction) => Fraction} */
  function inverse(a) {
    const x = 1 / a.x;
    return a.n === null || a.d === null ? approximate(x, a.e * x * x) : fraction(a.d, a.n, x);
  }

  /** @type {(a: Fraction, b: Fraction) => Fraction} */
  function realPower(a, b) {
    if (b.n !== null && b.d !== null && b.d <= 2n && Math.abs(b.x) <= MOST_FACTORS) {
      return power(b.d === 1n ? a : root(a), Number(b.n));
    }
    if (isZero(a) && b.x > 0) {
      return ZERO;
    }
    const x = Math.pow(a.x, b.x);
    const relative = Math.abs(b.x / a.x) * a.e + Math.abs(Math.log(Math.abs(a.x))) * b.e;
    return approximate(x, Math.abs(x) * relative || 0);
  }

  /** @type {(a: Fraction) => Fraction} */
  function size(a) {
    return a.x < 0 ? negative(a) : a;
  }

  /** @type {(a: Fraction) => Fraction} */
  function sign(a) {
    return fraction(BigInt(Math.sign(a.x) || 0), 1n);
  }

  /** @type {(a: Fraction) => Fraction} */
  function root(a) {
    const x = Math.sqrt(a.x);
    if (a.n === null || a.d === null || a.n < 0n) {
      return approximate(x, x > 0 ? a.e / x : 0);
    }
    const g = divisor(a.n, a.d);
    const [n, d] = [wholeRoot(a.n / g), wholeRoot(a.d / g)];
    return n === null || d === null ? approximate(x) : fraction(n, d, x);
  }

  /** @type {(a: Fraction, b: Fraction) => number} */
  function compared(a, b) {
    if (a.n === null || a.d === null || b.n === null || b.d === null) {
      return Math.sign(a.x - b.x);
    }
    const difference = a.n * b.d - b.n * a.d;
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  }

  /** @type {(...terms: Fraction[]) => number} */
  function winner(...terms) {
    return terms.reduce((best, term, n) => (compared(term, terms[best]) > 0 ? n : best), 0);
  }

  /** @type {(...terms: Fraction[]) => Fraction} */
  function largest(...terms) {
    return terms[winner(...terms)];
  }

  /** @type {(...terms: Fraction[]) => Fraction} */
  function lead(...terms) {
    const best = winner(...terms);
    const others = terms.filter((_, n) => n !== best);
    return plus(terms[best], negative(largest(...others)));
  }

  /** @type {(a: Fraction, bound: Fraction) => Fraction} */
  function within(a, bound) {
    const above = largest(a, negative(bound));
    return compared(above, bound) > 0 ? bound : above;
  }

  /**
   * A function whose value at one place is a fraction.
   * @type {(f: (x: number) => number, at: Fraction, value: Fraction) => (a: Fraction) => Fraction}
   */
  function special(f, at, value) {
    return (a) => {
      if (isExact(a) && compared(a, at) === 0) {
        return value;
      }
      const x = f(a.x);
      const around = [f(a.x - a.e), f(a.x + a.e)].map((y) => Math.abs(y - x)).filter(Number.isFinite);
      return approximate(x, Math.max(0, ...around));
    };
  }

  const HALF = fraction(1n, 2n);

  /** Functions of one variable, each with the place at which its value is a fraction. */
  const functions = {
    exp: special(Math.exp, ZERO, ONE),
    log: special(Math.log, ONE, ZERO),
    expm1: special(Math.expm1, ZERO, ZERO),
    log1p: special(Math.log1p, ZERO, ZERO),
    erf: special(helpers.erf, ZERO, ZERO),
    erfc: special((z) => 2 * helpers.normalCdf(-z * Math.SQRT2), ZERO, ONE),
    sin: special(Math.sin, ZERO, ZERO),
    cos: special(Math.cos, ZERO, ONE),
    tan: special(Math.tan, ZERO, ZERO),
    asin: special(Math.asin, ZERO, ZERO),
    acos: special(Math.acos, ONE, ZERO),
    atan: special(Math.atan, ZERO, ZERO),
    sinh: special(Math.sinh, ZERO, ZERO),
    cosh: special(Math.cosh, ZERO, ONE),
    tanh: special(Math.tanh, ZERO, ZERO),
    asinh: special(Math.asinh, ZERO, ZERO),
    acosh: special(Math.acosh, ONE, ZERO),
    atanh: special(Math.atanh, ZERO, ZERO),
    sigmoid: special(helpers.sigmoid, ZERO, HALF),
    normalCdf: special(helpers.normalCdf, ZERO, HALF),
    softplus: (/** @type {Fraction} */ a) => approximate(helpers.softplus(a.x), a.e),
  };

  /** @type {(...terms: Fraction[]) => Fraction} */
  function logOfSum(...terms) {
    const e = Math.max(...terms.map((term) => term.e + UNIT * Math.abs(term.x)));
    return approximate(helpers.logOfSum(...terms.map((term) => term.x)), e + 4 * UNIT);
  }

  /** @type {(a: bigint, b: bigint) => bigint} */
  function divisor(a, b) {
    let [m, n] = [a < 0n ? -a : a, b < 0n ? -b : b];
    while (n) {
      [m, n] = [n, m % n];
    }
    return m || 1n;
  }

  /** @type {(a: bigint) => bigint | null} */
  function wholeRoot(a) {
    let guess = BigInt(Math.floor(Math.sqrt(Number(a))));
    for (let step = 0; step < 8 && guess * guess !== a && guess > 0n; step++) {
      guess = (guess + a / guess) / 2n;
    }
    return guess * guess === a ? guess : null;
  }

  /** @type {(n: bigint, d: bigint) => number} */
  function quotient(n, d) {
    const x = Number(n) / Number(d);
    return Number.isFinite(x) ? x : Number((n * 10n ** 40n) / (d || 1n)) / 1e40;
  }

  return {
    ZERO,
    ONE,
    approximate,
    compared,
    divisor,
    fraction,
    isExact,
    largest,
    lead,
    logOfSum,
    negative,
    power,
    product,
    realPower,
    root,
    sign,
    size,
    sum,
    winner,
    within,
    ...functions,
  };
})();
