const MOST_LETTERS = 4;

/**
 * A line below a row, a matrix or a line of a table, for what is found in its boxes. It has its room
 * from the beginning: nothing moves when a box is marked.
 * @typedef {{line: HTMLElement, boxes: [number, Box][]}} Below
 */

/** What is found in boxes, beside them: the verdicts that are to be said, with the mistakes' names. */
class Findings {
  /** @param {Program & Formulas & Told} data @param {string[]} names Of all boxes. */
  constructor(data, names) {
    this.data = data;
    this.names = names;
    this.spoken = new Spoken();
    /** @type {Map<Element, Below>} */
    this.places = new Map();
  }

  /** Take a box into the line that is below it. @type {(n: number, box: Box) => void} */
  add(n, box) {
    const place = placeOf(box.gap);
    let below = this.places.get(place);
    if (!below) {
      below = { line: lineBelow(place), boxes: [] };
      this.places.set(place, below);
    }
    below.boxes.push([n, box]);
  }

  /** Return the line below a box. @type {(box: Box) => HTMLElement | undefined} */
  below(box) {
    return this.places.get(placeOf(box.gap))?.line;
  }

  /**
   * Show what was found, in all lines.
   * @type {(marked: Marked[], said: string[][]) => void}
   */
  show(marked, said) {
    [...this.places.values()].forEach((below, at) => this.fill(below, at, marked, said));
  }

  /** @type {(below: Below, at: number, marked: Marked[], said: string[][]) => void} */
  fill({ line, boxes }, at, marked, said) {
    const groups = this.groups(boxes, marked, said);
    const made = groups.map(({ found, text, rest }, k) => {
      const one = this.finding(marked[found[0][0]].verdict, this.letters(found), text, rest);
      one.id = `finding-${at}-${k}`;
      one.addEventListener("click", () => found[0][1].field.focus());
      found.forEach(([, box]) => box.describe(one.id));
      return one;
    });
    const before = [...line.querySelectorAll(".finding")];
    if (before.map((one) => one.outerHTML).join("") !== made.map((one) => one.outerHTML).join("")) {
      before.forEach((one) => one.remove());
      line.prepend(...made);
    }
  }

  /**
   * Return the boxes of which the same is to be said, and describe the others.
   * @param {[number, Box][]} boxes
   * @param {Marked[]} marked
   * @param {string[][]} said
   * @returns {{found: [number, Box][], text: string, rest: string}[]}
   */
  groups(boxes, marked, said) {
    /** @type {Map<string, {found: [number, Box][], text: string, rest: string}>} */
    const groups = new Map();
    for (const [n, box] of boxes) {
      const text = inShort(this.data, marked[n]);
      if (!text) {
        box.describe(this.spoken.id(this.description(n, marked[n])));
        continue;
      }
      const rest = besides(text, marked[n].verdict, said[n]);
      const key = [marked[n].verdict, text, rest].join("\n");
      const group = groups.get(key) ?? { found: [], text, rest };
      groups.set(key, { ...group, found: [...group.found, [n, box]] });
    }
    return [...groups.values()];
  }

  /** Say of a box what it asks for, or that it is right. @type {(n: number, marked: Marked) => string} */
  description(n, { verdict }) {
    return verdict === "missing" ? askedFor(this.data, n) : VERDICTS[verdict][2];
  }

  /** @type {(found: [number, Box][]) => string} */
  letters(found) {
    const all = [...new Set(found.map(([n]) => letterOf(this.data, this.names[n], n)))];
    const more = all.length - MOST_LETTERS;
    return listed(more > 1 ? [...all.slice(0, MOST_LETTERS), `${more} others`] : all, "and");
  }

  /**
   * Return the sign, the letters and the mistake; what else is said of it is read out only.
   * @type {(verdict: Verdict, letters: string, text: string, rest: string) => HTMLElement}
   */
  finding(verdict, letters, text, rest) {
    const made = element("span", "finding");
    made.dataset.verdict = verdict;
    made.title = [text, rest].filter(Boolean).join(": ");
    const sign = element("span", "sign", `${VERDICTS[verdict][0] || "\u2026"} `);
    sign.setAttribute("aria-hidden", "true");
    const word = VERDICTS[verdict][1];
    const spoken = element("span", "unseen", word && verdict !== "follows" ? `${word}, ` : "");
    made.append(sign, element("b", "", `${letters}: `), spoken, text);
    made.append(element("span", "unseen", rest && `: ${rest}`));
    return made;
  }
}

/**
 * Return what is said of a figure besides the few words that stand beside its box.
 * @type {(text: string, verdict: Verdict, said: string[]) => string}
 */
function besides(text, verdict, [first, ...said]) {
  const rest = said.filter((one) => one !== text).join(" ");
  if (verdict === "follows") {
    return first.slice(first.lastIndexOf(", ") + 2);
  }
  return rest.toLowerCase().startsWith(`${text}: `) ? rest.slice(text.length + 2) : rest;
}

/** Return what a line is put below: a row, a matrix or a line of a table. @type {(gap: HTMLElement) => Element} */
function placeOf(gap) {
  const row = gap.closest("tr, .rows > div");
  return row ?? gap.closest(".scroll") ?? /** @type {Element} */ (gap.closest("p, .filled"));
}

/** Put a line below something. @type {(place: Element) => HTMLElement} */
function lineBelow(place) {
  const line = element("div", "findings");
  if (place.localName === "tr") {
    const cell = element("td", "");
    cell.colSpan = place.children.length;
    cell.append(line);
    const row = element("tr", "below");
    row.append(cell);
    place.after(row);
  } else if (place.classList.contains("scroll")) {
    const both = element("div", "with-findings");
    place.replaceWith(both);
    both.append(place, line);
  } else {
    place.after(line);
  }
  return line;
}
