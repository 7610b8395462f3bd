/**
 * A figure as somebody wrote it, with the least and the greatest number that round to it; letters
 * stand for a number that has no digits.
 * @typedef {{text: string, least: Fraction, greatest: Fraction, isLetters?: boolean}} Written
 */

const MOST_POWERS = 300;
const FLOAT_DIGITS = 15; // figures with so many are a computer's, whose last digits vary

/**
 * Read a figure: null if nothing was written, or why it is not read.
 * @type {(text: string) => Written | string | null}
 */
function read(text) {
  const given = text.trim();
  if (given.length > MOST_LOOKED_AT) {
    return TOO_LONG;
  }
  const written = plainNumber(given);
  if (written === "" || written === "?") {
    return null;
  }
  if (written.length > MOST_CHARACTERS) {
    return TOO_LONG;
  }
  const typed = readTyped(given);
  if (!typed) {
    return whyUnread(written);
  }
  if (typed.below === 0n) {
    return "A number cannot be divided by 0.";
  }
  if (Math.abs(typed.exponent + typed.places) > MOST_POWERS) {
    return `Write a number below 10^${MOST_POWERS}.`;
  }
  return typed.text.includes("/") ? asItself(typed) : asRounded(typed);
}

const TOO_LONG = "This is too long for a number.";

/** Return why a text in its plain form is no number. @type {(written: string) => string} */
function whyUnread(written) {
  if (APART.test(written)) {
    return "Spaces may only separate groups of three digits. Write the number without spaces.";
  }
  if (/^[+-]?[0-9]+(?:[.,'\u2019_][0-9]+)+$/.test(written)) {
    return "A number has one decimal mark at most. Write thousands without separators.";
  }
  return "This is not a number. Write a number such as 0.42, 4.2e-1 or 2/3.";
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

const SMALL = "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089";

/** Return a letter as it is typed: z11 for z\u2081\u2081, z_{11} and z_11. @type {(text: string) => string} */
function typedLetter(text) {
  const plain = text.normalize("NFKC").replace(/[\u2080-\u2089]/g, (sign) => String(SMALL.indexOf(sign)));
  const signs = plain.replace(/\u2265|>=|=>/g, ">").replace(/\u2264|<=|=</g, "<");
  return signs.replace(/[\s_{}()^[\]]/g, "").toLowerCase();
}

/**
 * Read the entries of a window that win, as the sum of 2^k over them: null if nothing was written,
 * or what is wrong with it.
 * @param {string} text
 * @param {string[]} letters All entries of the window.
 * @returns {Written | string | null}
 */
function readLetters(text, letters) {
  if (text.trim() === "" || text.trim() === "?") {
    return null;
  }
  const found = placesOf(text, letters) ?? placesOf(text.replace(/,/g, ""), letters);
  const parts = text.split(/\s*(?:;|=|\band\b|,\s*(?=\p{L}))\s*/u);
  const every = found === null ? parts.map((part) => placesOf(part, letters)) : [found];
  if (every.some((place) => place === null)) {
    return `Write ${letters[0] === "<" ? "a sign" : "which entry wins"}: ${letters.join(" or ")}.`;
  }
  const won = [...new Set(every)].reduce((total, place) => total + (1n << BigInt(place ?? 0)), 0n);
  const value = { n: won, d: 1n };
  return { text: text.trim(), least: value, greatest: value, isLetters: true };
}

/**
 * Return the place of an entry in its window; its indices alone are enough.
 * @type {(text: string, letters: string[]) => number | null}
 */
function placesOf(text, letters) {
  const typed = typedLetter(text);
  const names = letters.map(typedLetter);
  for (const known of [names, names.map((name) => name.replace(/,/g, "")), names.map(indicesOf)]) {
    const first = known.indexOf(typed);
    if (typed !== "" && first >= 0 && first === known.lastIndexOf(typed)) {
      return first;
    }
  }
  return null;
}

/** Return the digits at the end of a letter. @type {(name: string) => string} */
function indicesOf(name) {
  return /[\d,]*$/.exec(name)?.[0] ?? "";
}
