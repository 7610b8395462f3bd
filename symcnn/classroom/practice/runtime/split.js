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
