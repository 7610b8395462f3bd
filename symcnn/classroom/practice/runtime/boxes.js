// A formula holds no fields: it is split at its boxes, which stand beside its parts.

/** Split all formulas that have boxes, and return the boxes. @returns {HTMLElement[]} */
function splitFormulas() {
  for (const math of document.querySelectorAll("main math")) {
    if (math.querySelector(".gap")) {
      const filled = element("span", "filled");
      filled.append(...partsOf(math, [...math.children]));
      math.replaceWith(filled);
    }
  }
  return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main .gap"))];
}

/**
 * Return the boxes, matrices of boxes and formulas between them.
 * @type {(math: Element, children: Element[]) => Element[]}
 */
function partsOf(math, children) {
  /** @type {Element[]} */
  const parts = [];
  /** @type {Element | null} */
  let run = null;
  for (const child of unwrapped(children)) {
    const box = child.querySelector(".gap");
    if (box) {
      parts.push(child.localName === "mtable" ? matrixOf(math, child) : box);
      run = null;
      continue;
    }
    if (!run) {
      run = /** @type {Element} */ (math.cloneNode(false));
      parts.push(run);
    }
    run.append(child);
  }
  return parts;
}

/**
 * Return the elements beside each other, without rows around those that hold boxes, nor the fences
 * of a matrix, which is drawn with its own.
 * @type {(children: Element[]) => Element[]}
 */
function unwrapped(children) {
  return children.flatMap((child) => {
    if (child.localName !== "mrow" || !child.querySelector(".gap")) {
      return [child];
    }
    const inner = [...child.children];
    const table = inner.find((one) => one.localName === "mtable");
    return table ? [table] : unwrapped(inner);
  });
}

/** Return a matrix of boxes, in parentheses. @type {(math: Element, table: Element) => HTMLElement} */
function matrixOf(math, table) {
  const made = element("span", "matrix");
  for (const row of table.children) {
    const line = element("span", "line");
    for (const cell of row.children) {
      const filled = element("span", "cell");
      filled.append(...partsOf(math, [...cell.children]));
      line.append(filled);
    }
    made.append(line);
  }
  return made;
}

const PAUSE = 1200; // milliseconds without a key, after which a figure is marked

/** A box of the page, with the field that stands in it. */
class Box {
  /**
   * @param {HTMLElement} gap
   * @param {string} label
   * @param {"decimal" | "text"} [mode] What is written into it, if it is marked.
   */
  constructor(gap, label, mode) {
    this.gap = gap;
    this.field = element("input", mode ? "figure" : "other");
    this.field.type = "text";
    this.field.autocomplete = "off";
    this.field.spellcheck = false;
    this.field.setAttribute("aria-label", label);
    if (mode) {
      this.field.inputMode = mode;
      this.field.autocapitalize = "off";
      this.field.setAttribute("aria-keyshortcuts", "?");
    }
    this.verdict = element("span", "verdict");
    this.verdict.setAttribute("aria-hidden", "true");
    gap.removeAttribute("role");
    gap.removeAttribute("aria-label");
    gap.classList.add("open");
    gap.append(this.field, this.verdict);
  }

  /**
   * Show a verdict: its colour, its sign and its word, or a word where there is none yet.
   * @type {(verdict: Verdict, said: string, open?: string) => void}
   */
  mark(verdict, said, open = "") {
    const [sign, word] = VERDICTS[verdict];
    this.gap.dataset.verdict = verdict;
    this.verdict.textContent = word ? `${sign} ${word}` : open;
    this.field.title = verdict === "missing" && !open ? "" : said;
    this.field.setAttribute("aria-invalid", String(verdict === "wrong"));
  }

  /** Name the element that describes the box to those who do not see it. @type {(id: string) => void} */
  describe(id) {
    this.field.setAttribute("aria-describedby", id);
  }
}

/**
 * Do something when nothing has happened for a while, or at once.
 * @type {(action: () => void) => {later: () => void, now: () => void}}
 */
function delayed(action) {
  let timer = 0;
  return {
    later() {
      window.clearTimeout(timer);
      timer = window.setTimeout(action, PAUSE);
    },
    now() {
      window.clearTimeout(timer);
      action();
    },
  };
}
