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
 * @typedef {object} Given
 * @property {string} name
 * @property {"free" | "sum" | "fixed"} kind
 * @property {{label: string, text: string, key: number}[]} entries
 */

/**
 * What the page is told.
 * @typedef {object} Data
 * @property {Given[]} givens
 * @property {Decision[]} decisions
 * @property {Condition[]} conditions
 * @property {Manner} manner
 * @property {string} template the problem file, with a mark for every given number
 */

/** @param {Element} place */
function isFigure(place) {
  return place.getAttribute("data-place") !== "name";
}

/** @param {Element} place */
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
const variants = [...page.querySelectorAll("[data-variant], [data-about]")];
const status = /** @type {HTMLElement} */ (panel.querySelector("[role=status]"));
const notice = /** @type {HTMLElement} */ (panel.querySelector(".notice"));
/** @type {string[]} */
let state = [];
/** @type {Numeral[]} */
let drawn = [];

/** @param {string} words */
function say(words) {
  status.textContent = words;
}

/** Evaluate every figure anew and show what holds. */
function render() {
  const made = evaluateFigures(numbers.fractions);
  const wrong = made.findIndex((figure) => figure !== undefined && !Number.isFinite(figure.x));
  if (wrong >= 0) {
    return false;
  }
  const printed = made.map((figure) => numeral(figure, data.manner));
  const changed = new Set(printed.flatMap((one, key) => (isSame(one, drawn[key]) ? [] : [key])));
  drawn = printed;
  for (const [place, key] of places) {
    if (changed.has(key)) {
      (place.namespaceURI === SVG ? drawInPicture : drawFigure)(place, printed[key]);
    }
  }
  for (const { sign, keys } of relations) {
    if (keys.some((key) => changed.has(key))) {
      sign.textContent = keys.every((key) => printed[key].isExact) ? "=" : "\u2248";
    }
  }
  for (const { cells, keys } of columns) {
    if (keys.some((key) => changed.has(key))) {
      align(cells, keys.map((key) => printed[key]), data.manner.decimal);
    }
  }
  showVariants(made);
  return true;
}

/** @param {Fraction[]} made */
function showVariants(made) {
  const now = data.decisions.map((decision) => fallen(decision, made));
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
  if (words.length > 0) {
    say(`A border was crossed: ${words.join("; ")}.`);
  }
}

const controls = new Controls(panel, numbers, () => {
  const isShown = render();
  if (isShown) {
    remember();
  }
  return isShown;
});

/** Keep the changed numbers in the address; a page inside of another one has no address. */
function remember() {
  try {
    history.replaceState(null, "", numbers.fragment ? `#${numbers.fragment}` : location.pathname + location.search);
  } catch {
    return;
  }
}

panel.hidden = false;
/** @type {HTMLDetailsElement} */ (panel.querySelector("details")).open = innerWidth > 720;
lightUp(page);
walk(page, panel, say);
if (location.hash.includes("=")) {
  numbers.take(location.hash.slice(1));
}
if (numbers.isChanged) {
  render();
} else {
  state = data.decisions.map((decision) => fallen(decision, evaluateFigures(numbers.fractions)));
}
controls.show();
