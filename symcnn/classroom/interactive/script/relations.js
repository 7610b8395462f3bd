/**
 * A sign of equality, and the figures that it stands before.
 * @typedef {object} Relation
 * @property {Element} sign
 * @property {number[]} keys
 */

const EQUALITIES = new Set(["=", "\u2248"]);

/** Return the keys of the figures inside of an element. @type {(element: Element) => number[]} */
function keysIn(element) {
  const found = [...element.querySelectorAll("[data-figure]")];
  return found.filter(isFigure).map(keyOf);
}

/**
 * Find the signs of equality that depend on figures: at the beginning of a side, in front of a
 * matrix, and directly in front of a figure.
 * @type {(page: Element) => Relation[]}
 */
function relationsIn(page) {
  /** @type {Relation[]} */
  const found = [];
  const known = new Set();
  for (const whole of page.querySelectorAll(".side, .matrices math")) {
    const first = [...whole.querySelectorAll("mo")].find(isOutside);
    const keys = keysIn(whole);
    if (first && keys.length > 0) {
      found.push({ sign: first, keys });
      known.add(first);
    }
  }
  for (const figure of page.querySelectorAll("math [data-figure]")) {
    const sign = figure.previousElementSibling;
    if (sign && isFigure(figure) && isEquality(sign) && !known.has(sign)) {
      found.push({ sign, keys: [keyOf(figure)] });
    }
  }
  return found;
}

/** @type {(sign: Element) => boolean} */
function isEquality(sign) {
  return sign.localName === "mo" && EQUALITIES.has(sign.textContent ?? "");
}

/** @type {(sign: Element) => boolean} */
function isOutside(sign) {
  return isEquality(sign) && sign.closest("[data-figure]") === null;
}
