const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * Make an element of MathML.
 * @type {(tag: string, parts: (Element | string)[], attributes?: Record<string, string>) => MathMLElement}
 */
function math(tag, parts, attributes = {}) {
  const made = document.createElementNS(MATHML, tag);
  made.append(...parts);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

/** Return what a number is printed with: its sign, its digits, a power of ten. @type {(made: Numeral) => Element[]} */
function numberElements(made) {
  const digits = math("mn", [made.digits]);
  const value = made.below ? math("mfrac", [digits, math("mn", [made.below])]) : digits;
  const sign = made.isNegative ? [math("mo", ["\u2212"], { form: "prefix" })] : [];
  if (!made.exponent) {
    return [...sign, value];
  }
  const isSmall = made.exponent.startsWith("-");
  const power = math("mn", [made.exponent.replace("-", "")]);
  const raised = isSmall ? math("mrow", [math("mo", ["\u2212"]), power]) : power;
  const times = math("mo", ["\u00d7"]);
  return [...sign, value, times, math("msup", [math("mn", ["10"]), raised])];
}

/** Print a figure where it stands in a formula. @type {(place: Element, made: Numeral) => void} */
function drawFigure(place, made) {
  const kind = place.getAttribute("data-place");
  const number = numberElements(made);
  if (kind === "operand" && made.isNegative) {
    const [left, right] = ["(", ")"].map((text) => math("mo", [text], { stretchy: "false" }));
    place.replaceChildren(math("mrow", [left, ...number, right]));
  } else if (kind === "alone" && !made.isExact) {
    const sign = math("mo", ["\u2248"], { lspace: "0" });
    place.replaceChildren(sign, ...number);
  } else {
    place.replaceChildren(...number);
  }
}

const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/** Return a number in one line, for pictures and for those who listen. @type {(made: Numeral) => string} */
function inOneLine(made) {
  const sign = made.isNegative ? "\u2212" : "";
  const below = made.below ? `/${made.below}` : "";
  const raised = made.exponent.replace("-", "\u207b").replace(/\d/g, (digit) => RAISED[Number(digit)]);
  return `${sign}${made.digits}${below}${raised ? `\u00d710${raised}` : ""}`;
}

/**
 * Print a figure in a picture: in its first run of letters, the others stay empty.
 * @type {(place: Element, made: Numeral) => void}
 */
function drawInPicture(place, made) {
  const key = place.getAttribute("data-figure");
  const isFirst = place.previousElementSibling?.getAttribute("data-figure") !== key;
  const exact = place.getAttribute("data-place") === "related" ? "=\u2009" : "";
  const sign = made.isExact ? exact : "\u2248\u2009";
  place.textContent = isFirst ? `${sign}${inOneLine(made)}` : "";
}
