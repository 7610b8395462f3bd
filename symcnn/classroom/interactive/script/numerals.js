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
 * @type {(value: Real, manner: Manner) => Numeral}
 */
function numeral(value, manner) {
  const exact = exactNumeral(value, manner);
  const made = exact ?? rounded(value, manner);
  return { ...made, digits: made.digits.replace(".", manner.decimal) };
}

/** Tell whether two numbers are printed alike. @type {(one: Numeral, other: Numeral | undefined) => boolean} */
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

/** @type {(value: Real, manner: Manner) => Numeral | null} */
function exactNumeral(value, manner) {
  if (value.exact === null) {
    return null;
  }
  const isNegative = value.exact.n < 0n;
  const { n, d } = reduced(sizeOf(value.exact));
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

/** Put the decimal point before the last digits. @type {(digits: string, places: number) => string} */
function placed(digits, places) {
  const long = digits.padStart(places + 1, "0");
  return places ? `${long.slice(0, -places)}.${long.slice(-places)}` : long;
}

/** @type {(value: Real, manner: Manner) => Numeral} */
function rounded(value, manner) {
  const [digits, exponent] = certain(value, manner.digits);
  const isNegative = value.exact ? value.exact.n < 0n : value.x < 0;
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
 * @type {(value: Real, count: number) => [string, number]}
 */
function certain(value, count) {
  for (let most = count; most > 0; most--) {
    const [digits, exponent] = significant(value, most);
    if (value.exact || value.e <= 10 ** (exponent - most + 1)) {
      return [digits, exponent];
    }
  }
  return ["0", 0];
}

/**
 * Return the first digits of a number, rounded, and the exponent of the first.
 * @type {(value: Real, count: number) => [string, number]}
 */
function significant(value, count) {
  if (value.exact === null) {
    const [mantissa, power] = Math.abs(value.x).toExponential(count - 1).split("e");
    return [mantissa.replace(".", ""), Number(power)];
  }
  const { n, d } = sizeOf(value.exact);
  const exponent = n === 0n ? 0 : exponentOf(value.exact);
  const unit = scaledBy(1n, exponent - count + 1);
  const [above, below] = [n * unit.d, d * unit.n];
  const rest = 2n * (above % below) - below;
  const whole = above / below;
  const isUp = rest > 0n || (rest === 0n && whole % 2n === 1n);
  const figures = String(whole + (isUp ? 1n : 0n));
  return figures.length > count ? [figures.slice(0, count), exponent + 1] : [figures, exponent];
}

/** Read a number as people type it; a comma may be the decimal mark. @type {(text: string) => Fraction | null} */
function readNumber(text) {
  const typed = readTyped(text);
  if (!typed || typed.below === 0n || typed.text.length > MOST_TYPED || Math.abs(typed.exponent) > MOST_TYPED) {
    return null;
  }
  const { n, d } = scaledBy(typed.integer, typed.exponent);
  return { n, d: d * typed.below };
}
