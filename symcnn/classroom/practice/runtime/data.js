/**
 * What the page holds: what figures are marked by, and what is said of them.
 * @typedef {object} Told
 * @property {string} title
 * @property {number | null} variant Which one of a worksheet the problem is.
 * @property {string} key Under which progress is kept: a hash of the problem.
 * @property {string[]} names What figures are called.
 * @property {number} known How many of them symcnn mark knows: the first ones.
 * @property {string[][]} letters What can be written for a figure that is no number, else nothing.
 * @property {[string, number, [number, number[]][]][]} routings The name and the size of a routing,
 *   and the winners that tell of it, each with the places of its window's entries.
 * @property {number[]} open The figures that can be written somewhere.
 * @property {number[]} earning Those of them that earn points.
 * @property {number[]} points What each of these earns.
 * @property {number} digits
 * @property {string} comma
 */

/** Read the data of the page. @returns {Program & Formulas & Told} */
function pageData() {
  return JSON.parse(document.getElementById("practice-data")?.textContent ?? "");
}

/**
 * Return what the boxes of the page are called: those of figures, then those of formulas.
 * @type {(data: Program & Formulas & Told) => string[]}
 */
function namesOf(data) {
  const { names, formulaBoxes } = data;
  const formulas = formulaBoxes.map(
    ([figure, closed]) => `${closed ? "closed form" : "formula"} of ${names[figure]}`,
  );
  return [...names, ...formulas];
}
