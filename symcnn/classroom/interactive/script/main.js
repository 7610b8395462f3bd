/**
 * How numbers are printed.
 * @typedef {object} Manner
 * @property {number} digits significant digits of a rounded number
 * @property {string} decimal the decimal mark
 * @property {number} exactDigits the longest decimal that is printed exactly
 * @property {number} fractionParts the largest number in a fraction
 */

/**
 * A window of a maximum, or a comparison.
 * @typedef {object} Decision
 * @property {"window" | "comparison"} kind
 * @property {string} [entry] the entry that a window is the maximum of
 * @property {string[]} terms the names of what is compared
 * @property {number[]} keys the figures that are compared
 * @property {string[]} seen how it falls in the texts that there are
 */

/**
 * When a part of the page is shown.
 * @typedef {object} Condition
 * @property {number[] | null} decisions those that it depends on; null at the original numbers only
 * @property {string[]} shown how they fall where it is shown
 * @property {string[]} hidden how they fall where it is not
 */

/**
 * A term of a derivative: its figure, the figures that it is made of, and the entries in which the
 * given number is used there.
 * @typedef {{key: number, words: string, reads: number[], to: number[]}} Term
 */

/**
 * A derivative of the loss: its figure, its name, its formula, and the terms of a given number's.
 * @typedef {{key: number, words: string, equation: string, terms: Term[]}} Signal
 */

/**
 * An entry that is computed from others.
 * @typedef {{key: number, label: string, reads: number[], signal: Signal | null}} Computed
 */

/**
 * An entry that is given, as it was written.
 * @typedef {{key: number, label: string, text: string, slope: Signal | null}} GivenEntry
 */

/**
 * @typedef {object} Given
 * @property {string} name
 * @property {"free" | "sum" | "fixed"} kind
 * @property {GivenEntry[]} entries
 */

/**
 * What the page is told.
 * @typedef {object} Data
 * @property {Given[]} givens
 * @property {Computed[][]} stages what is computed, in the order of the forward pass
 * @property {number} loss the figure that is the loss
 * @property {Decision[]} decisions
 * @property {Condition[]} conditions
 * @property {Manner} manner
 * @property {Figures} program
 * @property {(string | number)[]} template the problem file, with the place of every given number
 */

/** @type {(place: Element) => boolean} */
function isFigure(place) {
  return place.getAttribute("data-place") !== "name";
}

/** @type {(place: Element) => number} */
function keyOf(place) {
  return Number(place.getAttribute("data-figure"));
}

/** @type {Data} */
const data = JSON.parse(document.getElementById("data")?.textContent ?? "null");
const page = /** @type {HTMLElement} */ (document.querySelector("main"));
const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
const numbers = new Numbers(data);

/** @type {[Element, number][]} */
const places = [...page.querySelectorAll("[data-figure]")].filter(isFigure).map((place) => [place, keyOf(place)]);
const relations = relationsIn(page);
const columns = columnsIn(page);
for (const shapes of page.querySelectorAll("g[display=none]")) {
  shapes.removeAttribute("display");
  shapes.setAttribute("hidden", "");
}
const variants = [...page.querySelectorAll("[data-variant], [data-about]")];
const status = /** @type {HTMLElement} */ (panel.querySelector("[role=status]"));
const notice = /** @type {HTMLElement} */ (panel.querySelector(".notice"));
/** @type {string[]} */
let state = [];
let figures = new Evaluation(data, numbers.reals);
/** @type {Evaluation | null} */
let drawn = null; // at first, texts for other numbers have the figures of these

/** @type {(words: string) => void} */
function say(words) {
  status.textContent = words;
}

/** Evaluate every figure anew and show what holds; tell whether all of them are finite. */
function render() {
  const before = drawn;
  const now = new Evaluation(data, numbers.reals);
  if (!now.isFinite) {
    return false;
  }
  figures = drawn = now;
  /** @type {(key: number) => boolean} */
  const hasChanged = (key) => !isSame(now.numeral(key), before?.numeral(key));
  for (const [place, key] of places) {
    if (hasChanged(key)) {
      (place.namespaceURI === SVG ? drawInPicture : drawFigure)(place, now.numeral(key));
    }
  }
  for (const { sign, keys } of relations) {
    if (keys.some(hasChanged)) {
      sign.textContent = keys.every((key) => now.numeral(key).isExact) ? "=" : "\u2248";
    }
  }
  for (const { cells, keys } of columns) {
    if (keys.some(hasChanged)) {
      align(cells, keys.map((key) => now.numeral(key)), data.manner.decimal);
    }
  }
  showVariants(now.state(data.decisions));
  return true;
}

/** @type {(now: string[]) => void} */
function showVariants(now) {
  const words = state.length > 0 ? turned(data.decisions, state, now) : [];
  state = now;
  const seen = data.decisions.map((decision, n) => decision.seen.includes(now[n]));
  let unknown = 0;
  const all = [...now, tied(now)];
  const found = data.conditions.map((condition) => standing(condition, all, numbers.isChanged));
  for (const part of variants) {
    const number = part.getAttribute("data-variant");
    const isKnown = (part.getAttribute("data-about") ?? "").split(" ").every((n) => n === "" || seen[Number(n)]);
    const usual = number === null ? "shown" : found[Number(number)];
    const here = usual === "shown" && !isKnown ? "unknown" : usual;
    part.toggleAttribute("hidden", here !== "shown");
    unknown += Number(here === "unknown");
  }
  page.classList.toggle("changed", numbers.isChanged);
  notice.hidden = unknown === 0;
  say(words.length > 0 ? `The cases have changed: ${words.join("; ")}.` : "");
}

const lights = new Lights(page);
const way = new Way(data, lights, () => figures);
const folding = new Folding(panel);
const controls = new Controls(panel, numbers, () => {
  const isShown = render();
  const step = isShown ? way.follow() : "";
  if (step) {
    say([status.textContent, step].filter(Boolean).join(" "));
  }
  return isShown;
});

/** Keep the changed numbers in the address, or the place that it names; a page inside of another one has none. */
function remember() {
  const place = location.hash.includes("=") ? "" : location.hash;
  const fragment = numbers.fragment ? `#${numbers.fragment}` : place;
  try {
    history.replaceState(null, "", fragment || location.pathname + location.search);
  } catch {
    return;
  }
}

panel.hidden = false;
walk(page, panel, say);
walkBack(panel, way, say);
let isAsAsked = !location.hash.includes("=") || numbers.take(location.hash.slice(1));
if (!numbers.isChanged || !render()) {
  isAsAsked &&= !numbers.isChanged;
  numbers.forget();
  state = figures.state(data.decisions);
}
controls.show();
if (!isAsAsked) {
  say("The address contains something that is not a number of this page, or that has no finite results: it was ignored.");
}
