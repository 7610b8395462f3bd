/**
 * A number as somebody typed it:  integer 10^exponent / below.
 * @typedef {object} Typed
 * @property {string} text what was typed, as programs write it
 * @property {bigint} integer
 * @property {number} places how many digits stand behind the decimal mark
 * @property {number} exponent the power of ten of the last digit
 * @property {bigint} below 1 but for a fraction
 */

const DECIMAL_NUMBER = /^([+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))(?:[eE]([+-]?[0-9]+))?$/;
const FRACTION_OF_INTEGERS = /^([+-]?[0-9]+)\/([0-9]+)$/;
const MOST_CHARACTERS = 400;
const MOST_LOOKED_AT = 1000;

const SUPERSCRIPTS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207d\u207e";
const PLAIN =
  /^(?:[+-]? ?(?:[0-9][0-9 ]*(?:[.,][0-9 ]*)?|[.,][0-9 ]+)(?:[eE] ?[+-]? ?[0-9]+)?|[+-]? ?[0-9]+ ?\/ ?[0-9]+)$/;

/** @type {[RegExp, string][]} What is put in place of what in any text, one after the other. */
const SIGNS = [
  [/[\u2010-\u2013\u2212\ufe63]/g, "-"],
  [/[\u2044\u2215\u00f7]/g, "/"],
  [/[\u00b7\u22c5\u2219\u2022\u00d7\u2715\u2a2f\u2217]/g, "*"],
  [/[\u200b-\u200d\u2060\ufeff]/g, ""],
  [/[ \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, " "],
  [/^ | $/g, ""],
];

/** @type {[RegExp, string][]} What is put in place of what in a text that is not plain. */
const REWRITTEN = [
  [/^ ?(?:\$+|\\\()|(?:\$+|\\\)) ?$/g, ""],
  [/\{([.,])\}/g, "$1"],
  [/\\!/g, ""],
  [/\\[,;: ]/g, " "],
  [/\\%/g, "%"],
  [/\\(?:cdot|times)(?![a-zA-Z])/g, "*"],
  [/^ ?(?:(?:[=\u2248~\u223c\u2243\u2245\u2250]|\\(?:approx|simeq|sim)(?![a-zA-Z])) ?)+/g, ""],
  [/(?:\.{2,}|\u2026|\\l?dots) ?$/g, ""],
  [/[.,;] ?$/g, ""],
  [/ +/g, " "],
  [
    /^ ?([+-]?) ?\\[dt]?frac ?(?:\{ ?([0-9]+) ?\}|([0-9])) ?(?:\{ ?([0-9]+) ?\}|([0-9])) ?$/g,
    "$1$2$3/$4$5",
  ],
  [/^ ?\\[dt]?frac ?\{ ?([+-] ?[0-9]+) ?\} ?\{ ?([0-9]+) ?\} ?$/g, "$1/$2"],
  [/\^ ?(?:\{ ?([+-]? ?[0-9]+) ?\}|\( ?([+-]? ?[0-9]+) ?\))/g, "^$1$2"],
  [/^ ?([+-]?) ?10 ?(?:\^|\*\*) ?([+-]? ?[0-9]+)(?! ?[0-9])/g, "$11e$2"],
  [/([0-9.,]) ?[*xX] ?10 ?(?:\^|\*\*) ?([+-]? ?[0-9]+)(?! ?[0-9])/g, "$1e$2"],
];

/** @type {{[sign: string]: [number, number]}} */
const VULGAR = {
  ...{ "\u00bd": [1, 2], "\u2153": [1, 3], "\u2154": [2, 3], "\u00bc": [1, 4], "\u00be": [3, 4] },
  ...{ "\u2155": [1, 5], "\u2156": [2, 5], "\u2157": [3, 5], "\u2158": [4, 5], "\u2159": [1, 6] },
  ...{ "\u215a": [5, 6], "\u2150": [1, 7], "\u215b": [1, 8], "\u215c": [3, 8], "\u215d": [5, 8] },
  ...{ "\u215e": [7, 8], "\u2151": [1, 9], "\u2152": [1, 10] },
};
const MIXED = /^ ?([+-]?) ?([0-9]{0,9}) ?([\u00bc-\u00be\u2150-\u215e]) ?$/;
const PERCENT = /^ ?([+-]?) ?([0-9]*)(?:([.,])([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))? ?% ?$/;
const APART = /[0-9] [0-9]/;
const WHOLE_GROUPS = /^[0-9]{1,3}(?: [0-9]{3})+$/;
const GROUPS_OF_PLACES = /^(?:[0-9]{3} )+[0-9]{1,3}$/;

/**
 * Return a number as programs write it; what is no number is returned in some form.
 *
 * The rules are those of symcnn/classroom/marking/intervals/written.py.
 * @param {string} text
 */
function plainNumber(text) {
  const lowered = text.replace(
    new RegExp(`[${SUPERSCRIPTS}]+`, "g"),
    (run) => `^${[...run].map((sign) => "0123456789+-()"[SUPERSCRIPTS.indexOf(sign)]).join("")}`,
  );
  const narrow = lowered.replace(/[\uff01-\uff5e]/g, (sign) =>
    String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
  );
  const written = replaced(narrow, SIGNS);
  return together(PLAIN.test(written) ? written : ofHundred(mixed(replaced(written, REWRITTEN))));
}

/** @type {(text: string, rules: [RegExp, string][]) => string} */
function replaced(text, rules) {
  return rules.reduce((made, [pattern, put]) => made.replace(pattern, put), text);
}

/** Return a fraction that is one sign, perhaps behind an integer, with a slash. @type {(written: string) => string} */
function mixed(written) {
  const found = MIXED.exec(written);
  if (!found || !Object.hasOwn(VULGAR, found[3])) {
    return written;
  }
  const [above, below] = VULGAR[found[3]];
  return `${found[1]}${Number(found[2]) * below + above}/${below}`;
}

/** Return a percentage as the number that it is, with as many digits. @type {(written: string) => string} */
function ofHundred(written) {
  const found = PERCENT.exec(written);
  if (!found || !(found[2] || found[4])) {
    return written;
  }
  const [sign, whole, mark, places, exponent] = found.slice(1).map((part) => part ?? "");
  if (exponent) {
    return `${sign}${whole}${mark}${places}e${Number(exponent) - 2}`;
  }
  const digits = whole.padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}${mark || "."}${digits.slice(-2)}${places}`;
}

/** Leave spaces out, but for those between digits that are no groups of three. @type {(written: string) => string} */
function together(written) {
  const [mantissa, exponent = ""] = written.replace(/ ?([.,]) ?/g, "$1").split(/[eE](.*)/s);
  const groups = mantissa.replace(/^[ +-]+|[ +-]+$/g, "").split(/[.,]/);
  const isGrouped = groups.every((group, at) => !APART.test(group) || (at ? GROUPS_OF_PLACES : WHOLE_GROUPS).test(group));
  if (!isGrouped || APART.test(exponent) || (written.includes("/") && APART.test(written))) {
    return written;
  }
  return written.replace(/ /g, "");
}

/**
 * Read 0.42, 0,42, 4.2e-1, 24 % or 2/3; null for what is no number.
 * @param {string} text
 * @returns {Typed | null}
 */
function readTyped(text) {
  if (text.trim().length > MOST_LOOKED_AT) {
    return null;
  }
  const written = plainNumber(text);
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
