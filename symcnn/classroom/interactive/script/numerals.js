/** The longest number that may be typed, and the largest exponent: all is computed exactly. */
const MOST_TYPED = 60;

/**
 * A number as it is printed.
 * @typedef {object} Numeral
 * @property {boolean} isNegative
 * @property {string} digits what stands behind the sign; of a fraction, what stands above the bar
 * @property {string} below what stands below the bar, if there is one
 * @property {string} exponent that of the power of ten behind it, if there is one
 * @property {boolean} isExact whether it is exactly the number
 */

/**
 * Print a number: exact where that is short, else rounded to significant digits.
 * @param {Fraction} value
 * @param {Manner} manner
 * @returns {Numeral}
 */
function numeral(value, manner) {
  const exact = exactNumeral(value, manner);
  const made = exact ?? rounded(value, manner);
  return { ...made, digits: made.digits.replace(".", manner.decimal) };
}

/**
 * Tell whether two numbers are printed alike.
 * @param {Numeral} one
 * @param {Numeral | undefined} other
 */
function isSame(one, other) {
  return (
    other !== undefined &&
    one.digits === other.digits &&
    one.isNegative === other.isNegative &&
    one.isExact === other.isExact &&
    one.below === other.below &&
    one.exponent === other.exponent
  );
}

/**
 * @param {Fraction} value
 * @param {Manner} manner
 * @returns {Numeral | null}
 */
function exactNumeral(value, manner) {
  if (value.n === null || value.d === null) {
    return null;
  }
  const g = $.divisor(value.n, value.d);
  const isNegative = value.n < 0n;
  const [n, d] = [(isNegative ? -value.n : value.n) / g, value.d / g];
  const places = decimalPlaces(d, manner.exactDigits);
  if (places !== null) {
    const text = placed(String((n * 10n ** BigInt(places)) / d), places);
    if (text.length <= manner.exactDigits) {
      return { isNegative, digits: text, below: "", exponent: "", isExact: true };
    }
  }
  const most = BigInt(manner.fractionParts);
  if (n <= most && d <= most) {
    return { isNegative, digits: String(n), below: String(d), exponent: "", isExact: true };
  }
  return null;
}

/**
 * Return the least k for which d divides 10^k, if it is less than a limit.
 * @param {bigint} d
 * @param {number} limit
 * @returns {number | null}
 */
function decimalPlaces(d, limit) {
  for (let k = 0; k < limit; k++) {
    if (10n ** BigInt(k) % d === 0n) {
      return k;
    }
  }
  return null;
}

/**
 * Put the decimal point before the last digits.
 * @param {string} digits
 * @param {number} places
 */
function placed(digits, places) {
  const long = digits.padStart(places + 1, "0");
  return places ? `${long.slice(0, -places)}.${long.slice(-places)}` : long;
}

/**
 * @param {Fraction} value
 * @param {Manner} manner
 * @returns {Numeral}
 */
function rounded(value, manner) {
  const [digits, exponent] = certain(value, manner.digits);
  const isNegative = (value.n === null ? value.x : Number(value.n)) < 0;
  if (/^0*$/.test(digits)) {
    return { isNegative: false, digits: "0", below: "", exponent: "", isExact: false };
  }
  if (exponent >= -5 && exponent < digits.length) {
    const text = placed(digits, Math.max(digits.length - 1 - exponent, 0));
    return { isNegative, digits: text, below: "", exponent: "", isExact: false };
  }
  const text = placed(digits, digits.length - 1);
  return { isNegative, digits: text, below: "", exponent: String(exponent), isExact: false };
}

/**
 * Return the first digits of a number of which rounding errors leave half a unit of the last one
 * certain, and the exponent of the first; of a number that may be 0, return 0.
 * @param {Fraction} value
 * @param {number} count
 * @returns {[string, number]}
 */
function certain(value, count) {
  for (let most = count; most > 0; most--) {
    const [digits, exponent] = significant(value, most);
    if (value.n !== null || value.e <= 10 ** (exponent - most + 1)) {
      return [digits, exponent];
    }
  }
  return ["0", 0];
}

/**
 * Return the first digits of a number, rounded, and the exponent of the first.
 * @param {Fraction} value
 * @param {number} count
 * @returns {[string, number]}
 */
function significant(value, count) {
  if (value.n === null || value.d === null) {
    const [mantissa, power] = Math.abs(value.x).toExponential(count - 1).split("e");
    return [mantissa.replace(".", ""), Number(power)];
  }
  const n = value.n < 0n ? -value.n : value.n;
  let exponent = String(n).length - String(value.d).length;
  if (exponent >= 0 ? n < value.d * 10n ** BigInt(exponent) : n * 10n ** BigInt(-exponent) < value.d) {
    exponent--;
  }
  const scale = count - 1 - exponent;
  const above = scale >= 0 ? n * 10n ** BigInt(scale) : n;
  const below = scale >= 0 ? value.d : value.d * 10n ** BigInt(-scale);
  const half = 2n * (above % below) - below;
  const whole = above / below;
  const isUp = half > 0n || (half === 0n && whole % 2n === 1n);
  const digits = String(whole + (isUp ? 1n : 0n));
  return digits.length > count ? [digits.slice(0, count), exponent + 1] : [digits, exponent];
}

/**
 * Read a number as people type it; a comma may be the decimal mark.
 * @param {string} text
 * @returns {Fraction | null}
 */
function readNumber(text) {
  const typed = readTyped(text);
  if (!typed || typed.below === 0n || typed.text.length > MOST_TYPED || Math.abs(typed.exponent) > MOST_TYPED) {
    return null;
  }
  const scale = 10n ** BigInt(Math.abs(typed.exponent));
  const { integer, below } = typed;
  return typed.exponent >= 0 ? $.fraction(integer * scale, below) : $.fraction(integer, below * scale);
}
