/**
 * A figure as somebody wrote it, with the least and the greatest number that round to it.
 * @typedef {{text: string, least: Fraction, greatest: Fraction}} Written
 */

const FIGURE = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))(?:[eE]([+-]?\d+))?$/;
const QUOTIENT = /^([+-]?\d+)\/(\d+)$/;
const LONGEST = 400;
const MOST_POWERS = 300;
const FLOAT_DIGITS = 15; // figures with so many are a computer's, whose last digits vary

/**
 * Read a figure: null if nothing was written, or what is wrong with it.
 * @param {string} text
 * @returns {Written | string | null}
 */
function read(text) {
  const written = text.trim().replace(/[\u2212\u2013]/g, "-").replace(/ /g, "");
  if (written === "" || written === "?") {
    return null;
  }
  const quotient = written.length > LONGEST ? null : QUOTIENT.exec(written);
  if (quotient) {
    return readQuotient(written, quotient);
  }
  const found = written.length > LONGEST ? null : FIGURE.exec(written);
  if (!found) {
    return "This is not a number. Write one such as 0.42, 4.2e-1 or 2/3.";
  }
  const exponent = Number(found[2] ?? "0");
  if (Math.abs(exponent) > MOST_POWERS) {
    return `Write a number below 10^${MOST_POWERS}.`;
  }
  return readDecimal(written, found[1].replace(",", "."), exponent);
}

/**
 * Read 2/3, which stands for itself.
 * @param {string} text
 * @param {RegExpExecArray} found
 * @returns {Written | string}
 */
function readQuotient(text, found) {
  const value = { n: BigInt(found[1].replace("+", "")), d: BigInt(found[2]) };
  return value.d === 0n ? "A number cannot be divided by 0." : { text, least: value, greatest: value };
}

/**
 * Read 0.42, which stands for all numbers that round to it; a bare 0 stands for itself.
 * @param {string} text
 * @param {string} mantissa
 * @param {number} exponent
 * @returns {Written}
 */
function readDecimal(text, mantissa, exponent) {
  const [whole, places = ""] = mantissa.split(".");
  const value = scaledBy(BigInt(withoutPlus(whole + places)), exponent - places.length);
  let spread = half(scaledBy(1n, exponent - places.length));
  if (value.n === 0n && places === "" && exponent >= 0) {
    spread = { n: 0n, d: 1n };
  }
  if (mantissa.replace(/[+\-.]/g, "").replace(/^0+/, "").length >= FLOAT_DIGITS) {
    const { n, d } = size(value);
    spread = larger(spread, { n, d: d * ten(FLOAT_DIGITS - 1) });
  }
  return { text, least: minus(value, spread), greatest: plus(value, spread) };
}

/**
 * Return digits without a plus sign, and with a 0 if there is none.
 * @param {string} signed
 * @returns {string}
 */
function withoutPlus(signed) {
  return signed.replace("+", "");
}

/**
 * Return the number that was written.
 * @param {Written} written
 * @returns {Fraction}
 */
function valueOf(written) {
  return half(plus(written.least, written.greatest));
}

/**
 * Return all numbers that a figure stands for.
 * @param {Written} written
 * @returns {Interval}
 */
function standsFor(written) {
  return between(written.least, written.greatest);
}
