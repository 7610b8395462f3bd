/**
 * A figure as somebody wrote it, with the least and the greatest number that round to it.
 * @typedef {{text: string, least: Fraction, greatest: Fraction}} Written
 */

const MOST_POWERS = 300;
const FLOAT_DIGITS = 15; // figures with so many are a computer's, whose last digits vary

/**
 * Read a figure: null if nothing was written, or what is wrong with it.
 * @type {(text: string) => Written | string | null}
 */
function read(text) {
  const written = withoutSpaces(text);
  if (written === "" || written === "?") {
    return null;
  }
  const typed = readTyped(written);
  if (!typed) {
    return "This is not a number. Write one such as 0.42, 4.2e-1 or 2/3.";
  }
  if (typed.below === 0n) {
    return "A number cannot be divided by 0.";
  }
  if (Math.abs(typed.exponent + typed.places) > MOST_POWERS) {
    return `Write a number below 10^${MOST_POWERS}.`;
  }
  return written.includes("/") ? asItself(typed) : asRounded(typed);
}

/** Read 2/3, which stands for itself. @type {(typed: Typed) => Written} */
function asItself({ text, integer, below }) {
  const value = { n: integer, d: below };
  return { text, least: value, greatest: value };
}

/**
 * Read 0.42, which stands for all numbers that round to it; a bare 0 stands for itself.
 * @type {(typed: Typed) => Written}
 */
function asRounded({ text, integer: c, places, exponent }) {
  const value = scaledBy(c, exponent);
  let spread = half(scaledBy(1n, exponent));
  if (c === 0n && places === 0 && exponent >= 0) {
    spread = { n: 0n, d: 1n };
  }
  if (digitsOf(c) >= FLOAT_DIGITS) {
    const { n, d } = sizeOf(value);
    spread = larger(spread, { n, d: d * ten(FLOAT_DIGITS - 1) });
  }
  return { text, least: minus(value, spread), greatest: plus(value, spread) };
}

/** Return the number that was written. @type {(written: Written) => Fraction} */
function valueOf(written) {
  return half(plus(written.least, written.greatest));
}

/** Return all numbers that a figure stands for. @type {(written: Written) => Interval} */
function standsFor(written) {
  return between(written.least, written.greatest);
}
