/**
 * A number as somebody typed it:  integer 10^exponent / below.
 * @typedef {object} Typed
 * @property {string} text what was typed, with the minus sign of programs
 * @property {bigint} integer
 * @property {number} places how many digits stand behind the decimal mark
 * @property {number} exponent the power of ten of the last digit
 * @property {bigint} below 1 but for a fraction
 */

const DECIMAL_NUMBER = /^([+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+))(?:[eE]([+-]?\d+))?$/;
const FRACTION_OF_INTEGERS = /^([+-]?\d+)\/(\d+)$/;
const MOST_CHARACTERS = 400;

/**
 * Return a text without spaces, and with the minus sign of programs.
 * @param {string} text
 */
function withoutSpaces(text) {
  return text.trim().replace(/[\u2212\u2013]/g, "-").replace(/ /g, "");
}

/**
 * Read 0.42, 0,42, 4.2e-1 or 2/3; null for what is no number.
 * @param {string} text
 * @returns {Typed | null}
 */
function readTyped(text) {
  const written = withoutSpaces(text);
  if (written.length > MOST_CHARACTERS) {
    return null;
  }
  const fraction = FRACTION_OF_INTEGERS.exec(written);
  if (fraction) {
    const [integer, below] = fraction.slice(1).map((part) => BigInt(part.replace("+", "")));
    return { text: written, integer, places: 0, exponent: 0, below };
  }
  const found = DECIMAL_NUMBER.exec(written);
  if (!found) {
    return null;
  }
  const [whole, behind = ""] = found[1].replace("+", "").split(/[.,]/);
  const exponent = Number(found[2] ?? "0") - behind.length;
  return { text: written, integer: BigInt(whole + behind), places: behind.length, exponent, below: 1n };
}
