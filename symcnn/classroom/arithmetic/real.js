/**
 * A number: a float always, and a fraction as long as it is one.
 * @typedef {object} Real
 * @property {number} x the float
 * @property {number} e how far it may be from the number
 * @property {Fraction | null} exact the fraction
 */

/** @typedef {(a: Real) => Real} OfOne */
/** @typedef {(a: Real, b: Real) => Real} OfTwo */

/** Arithmetic in fractions as long as results are fractions, and in floats. */
const $ = (() => {
  const LONG = 2n ** 256n;
  const UNIT = 2 ** -53;
  const MOST_FACTORS = 64;

  /** @type {(exact: Fraction, x?: number) => Real} */
  function fraction(exact, x = quotient(exact)) {
    if (exact.d === 0n) {
      return approximate(x);
    }
    return { x, e: Math.abs(x) * UNIT, exact: exact.d > LONG ? reduced(exact) : exact };
  }

  /** @type {(x: number, e?: number) => Real} */
  function approximate(x, e = 0) {
    return { x, e: e + 4 * UNIT * Math.abs(x), exact: null };
  }

  const ZERO = fraction({ n: 0n, d: 1n });
  const ONE = fraction({ n: 1n, d: 1n });
  const HALF = fraction({ n: 1n, d: 2n });

  /** @type {(texts: string[]) => Real} */
  function number([text, upper]) {
    if (upper === undefined) {
      return fraction(fractionIn(text));
    }
    const [low, high] = [Number(text), Number(upper)];
    return approximate((low + high) / 2, (high - low) / 2);
  }

  /** @type {(a: Real) => boolean} */
  function isZero(a) {
    return a.exact?.n === 0n;
  }

  /** @type {OfTwo} */
  function sum(a, b) {
    if (!a.exact || !b.exact) {
      return isZero(a) ? b : isZero(b) ? a : approximate(a.x + b.x, a.e + b.e);
    }
    const exact = plus(a.exact, b.exact);
    return fraction(exact, exact.n === 0n ? 0 : a.x + b.x);
  }

  /** @type {OfTwo} */
  function product(a, b) {
    if (isZero(a) || isZero(b)) {
      return Number.isFinite(a.x * b.x) ? ZERO : approximate(NaN);
    }
    if (!a.exact || !b.exact) {
      return approximate(a.x * b.x, Math.abs(a.x) * b.e + Math.abs(b.x) * a.e);
    }
    return fraction({ n: a.exact.n * b.exact.n, d: a.exact.d * b.exact.d }, a.x * b.x);
  }

  /** @type {OfOne} */
  function negative(a) {
    return { x: -a.x, e: a.e, exact: a.exact && { n: -a.exact.n, d: a.exact.d } };
  }

  /** Return a^(n/d). @type {(a: Real, n: number, d?: number) => Real} */
  function power(a, n, d = 1) {
    if (d > 2) {
      return realPower(a, fraction({ n: BigInt(n), d: BigInt(d) }));
    }
    const base = d === 2 ? root(a) : a;
    const factors = Array(Math.abs(n)).fill(n < 0 ? inverse(base) : base);
    return factors.reduce(product, ONE);
  }

  /** @type {OfOne} */
  function inverse(a) {
    const x = 1 / a.x;
    if (!a.exact) {
      return approximate(x, a.e * x * x);
    }
    const { n, d } = a.exact;
    return fraction(n < 0n ? { n: -d, d: -n } : { n: d, d: n }, x);
  }

  /** @type {OfTwo} */
  function realPower(a, b) {
    const { n, d } = b.exact ?? { n: 0n, d: 0n };
    if (d > 0n && d <= 2n && Math.abs(b.x) <= MOST_FACTORS) {
      return power(a, Number(n), Number(d));
    }
    if (isZero(a) && b.x > 0) {
      return ZERO;
    }
    const x = Math.pow(a.x, b.x);
    const relative = Math.abs(b.x / a.x) * a.e + Math.abs(Math.log(Math.abs(a.x))) * b.e;
    return approximate(x, Math.abs(x) * relative || 0);
  }

  /** @type {OfOne} */
  function root(a) {
    const x = Math.sqrt(a.x);
    if (!a.exact || a.exact.n < 0n) {
      return approximate(x, x > 0 ? a.e / x : 0);
    }
    const lowest = reduced(a.exact);
    const [n, d] = [wholeRoot(lowest.n), wholeRoot(lowest.d)];
    return n === null || d === null ? approximate(x) : fraction({ n, d }, x);
  }

  /** @type {(a: bigint) => bigint | null} */
  function wholeRoot(a) {
    const found = a > 0n ? integerRoot(a) : 0n;
    return found * found === a ? found : null;
  }

  /** @type {(a: Real, b: Real) => number} */
  function compared(a, b) {
    return a.exact && b.exact ? signOf(minus(a.exact, b.exact).n) : Math.sign(a.x - b.x);
  }

  /** @type {OfTwo} */
  function largest(a, b) {
    return compared(b, a) > 0 ? b : a;
  }

  /**
   * A function whose value at one place is a fraction.
   * @type {(f: (x: number) => number, at: Real, value: Real) => OfOne}
   */
  function special(f, at, value) {
    return (a) => {
      if (a.exact && compared(a, at) === 0) {
        return value;
      }
      const x = f(a.x);
      const around = [f(a.x - a.e), f(a.x + a.e)].map((y) => Math.abs(y - x)).filter(Number.isFinite);
      return approximate(x, Math.max(0, ...around));
    };
  }

  /** Return the largest integer that is not above a number. @type {OfOne} */
  function floor(a) {
    if (!a.exact) {
      const ends = [Math.floor(a.x - a.e), Math.floor(a.x + a.e)];
      return approximate(Math.floor(a.x), ends[1] - ends[0]);
    }
    const { n, d } = a.exact;
    const towardsZero = n / d;
    return fraction({ n: towardsZero * d > n ? towardsZero - 1n : towardsZero, d: 1n });
  }

  /** Functions of one variable, each with the place at which its value is a fraction. */
  const functions = {
    exp: special(Math.exp, ZERO, ONE),
    log: special(Math.log, ONE, ZERO),
    expm1: special(Math.expm1, ZERO, ZERO),
    log1p: special(Math.log1p, ZERO, ZERO),
    erf: special(helpers.erf, ZERO, ZERO),
    floor,
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
    normal_cdf: special(helpers.normalCdf, ZERO, HALF),
    softplus: (/** @type {Real} */ a) => approximate(helpers.softplus(a.x), a.e),
  };

  return {
    ZERO,
    ONE,
    approximate,
    compared,
    fraction,
    functions,
    hull: (/** @type {Real} */ a) => a,
    largest,
    negative,
    nothing: () => approximate(NaN),
    number,
    operations: { "+": sum, "*": product, max: largest, pow: realPower },
    order: (/** @type {Real} */ a, /** @type {Real} */ b) => ORDERS[compared(a, b)] ?? 0,
    power,
  };
})();

/** @type {Record<number, number>} */
const ORDERS = { "-1": 1, 0: 2, 1: 4 };

/** Return the greatest common divisor of two integers; of two zeros it is 1. @type {(a: bigint, b: bigint) => bigint} */
function divisor(a, b) {
  let [m, n] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (n) {
    [m, n] = [n, m % n];
  }
  return m || 1n;
}

/** Return a fraction in lowest terms. @type {(x: Fraction) => Fraction} */
function reduced({ n, d }) {
  const g = divisor(n, d);
  return { n: n / g, d: d / g };
}

/** Return the nearest float to a fraction, or one next to it. @type {(exact: Fraction) => number} */
function quotient({ n, d }) {
  const x = Number(n) / Number(d);
  return Number.isFinite(x) ? x : Number((n * ten(40)) / (d || 1n)) / 1e40;
}

/**
 * A program of all figures of a page: its steps, the names of the tensors whose entries are known by
 * their numbers, the steps of the figures, those of the numbers that a step of gradient descent has
 * moved, and the step of the loss.
 * @typedef {{steps: Step[], given: string[], figures: number[], moved: number[], loss: number}} Figures
 */

/**
 * Return figures of the page, by default all of them.
 * @type {(program: Figures, given: Record<string, Real[]>, keys?: Iterable<number>) => Real[]}
 */
function evaluateFigures(program, given, keys = program.figures.keys()) {
  const numbers = program.given.flatMap((name) => given[name]);
  /** @type {Steps<Real>} */
  const first = new Steps(program.steps, $, (n) => numbers[n] ?? lossAfterwards());
  /** @type {() => Real} */
  const lossAfterwards = () => {
    const moved = program.moved.map((at) => first.value(at));
    return new Steps(program.steps, $, (n) => moved[n]).value(program.loss);
  };
  /** @type {Real[]} */
  const found = [];
  for (const key of keys) {
    found[key] = first.value(program.figures[key]);
  }
  return found;
}
