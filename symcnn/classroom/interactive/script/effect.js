const MOST_NAMED = 4; // positions that are named one by one

/**
 * Say what the loss is, what a change of a given number does to it, and over which positions.
 * @param {GivenEntry} entry
 * @param {Evaluation} now
 * @param {Way} way
 * @param {Decision[]} ties where two cases meet
 */
function effectOf(entry, now, way, ties) {
  const { slope, label } = entry;
  const loss = `${way.names([data.loss])} ${now.inWords(data.loss)}.`;
  if (!slope) {
    return `${loss} The loss is not differentiated with respect to ${label}.`;
  }
  const sentences = [loss, `${slope.words} ${now.inWords(slope.key)}: ${direction(slope, label, now)}`];
  const reached = way.reached(entry.key);
  const met = ties.filter((tie) => tie.keys.some((key) => reached.has(key)));
  if (met.length > 0) {
    const where = met.map((tie) => (tie.kind === "window" ? `a tie in the window of ${tie.entry}` : tie.terms.join(" = ")));
    const few = where.length > MOST_NAMED ? `${where.length} ties` : where.join(" and ");
    sentences.push(`At a kink (${few}) there may be no derivative; the value follows the convention stated in the text.`);
  }
  const [open, shut] = [false, true].map((isShut) => slope.terms.filter((term) => now.isZero(term.key) === isShut));
  if (open.length > 0 && shut.length > 0) {
    const other = `${positions(shut, slope, way)} ${shut.length === 1 ? "contributes" : "contribute"} 0`;
    sentences.push(`The derivative comes from ${positions(open, slope, way)}; ${other}.`);
  } else if (open.length > 0) {
    sentences.push(`The derivative comes from ${positions(open, slope, way)}.`);
  }
  return sentences.join(" ");
}

/** @type {(slope: Signal, label: string, now: Evaluation) => string} */
function direction(slope, label, now) {
  if (now.isZero(slope.key)) {
    return `a small change of ${label} does not change the loss.`;
  }
  return `a larger ${label} makes the loss ${now.numeral(slope.key).isNegative ? "smaller" : "larger"}.`;
}

/** @type {(terms: Term[], slope: Signal, way: Way) => string} */
function positions(terms, slope, way) {
  const names = terms.map((term) => way.names(term.to));
  return names.length > MOST_NAMED
    ? `${names.length} of ${slope.terms.length} positions`
    : [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");
}

/** The closed forms of derivatives that the page has, those of other numbers included. */
class ClosedForms {
  /** @param {Element} text */
  constructor(text) {
    /** @type {Map<number, Element[]>} */
    this.lefts = new Map();
    for (const left of text.querySelectorAll(".rows .left")) {
      const names = [...left.querySelectorAll("[data-figure]")];
      if (names.length === 1 && left.querySelector("mfrac")) {
        this.lefts.set(keyOf(names[0]), [...(this.lefts.get(keyOf(names[0])) ?? []), left]);
      }
    }
  }

  /**
   * Return the closed form that holds now: the last one, whose brackets have their values.
   * @type {(entry: GivenEntry) => Node[]}
   */
  of(entry) {
    const lefts = (this.lefts.get(entry.key) ?? []).filter((one) => one.closest("[hidden]") === null);
    const left = lefts[lefts.length - 1];
    const sides = [...(left?.nextElementSibling?.querySelectorAll(".side") ?? [])];
    if (!left || sides.length < 2) {
      return [];
    }
    const last = sides[sides.length - 1];
    const isSaidTwice = sides[0].textContent === last.textContent;
    const shown = isSaidTwice ? [left, last] : [left, sides[0], last];
    return shown.flatMap((part) => [...part.querySelectorAll("math")]).map((part) => part.cloneNode(true));
  }
}
