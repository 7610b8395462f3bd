/** @type {{[verdict in Verdict]: [string, string, string]}} */
const VERDICTS = {
  right: ["\u2713", "right", "right."],
  follows: ["\u21AA", "follows", "right from your own figures, but an earlier figure is wrong."],
  imprecise: ["\u2248", "imprecise", "right, but not with the digits that are asked for."],
  wrong: ["\u2717", "wrong", "wrong."],
  unread: ["?", "unread", "not read."],
  missing: ["", "", "not filled in yet."],
};
/** The sign of a verdict, its word beside a box, and what is said of the figure. */

/**
 * Return what is said of a figure: the verdict, the mistakes that yield it, and those that may have
 * been made besides.
 * @param {Program & Told} data
 * @param {string[]} names Of all boxes.
 * @param {number} n
 * @param {Marked} marked
 * @param {number[]} concealed
 * @returns {string[]}
 */
function words(data, names, n, marked, concealed) {
  const more = marked.said ? [marked.said] : [];
  if (marked.said && (marked.verdict === "missing" || marked.verdict === "unread")) {
    return [`${names[n]}:`, ...more];
  }
  const lines = [`${names[n]}: ${VERDICTS[marked.verdict][2]}`, ...more];
  if (marked.verdict === "wrong") {
    return [...lines, ...explained(data, n, marked, concealed)];
  }
  return [...lines, ...marked.mistakes.map((mistake) => data.mistakes[mistake][1])];
}

/**
 * Return the sentences on the mistakes behind a wrong figure.
 * @type {(data: Program & Told, n: number, marked: Marked, concealed: number[]) => string[]}
 */
function explained(data, n, { mistakes }, concealed) {
  const several = mistakes.length > 1 ? ["Several mistakes lead to this figure."] : [];
  const stated = mistakes.map((mistake) => data.mistakes[mistake][1]);
  const unknown = `No known mistake leads to this ${n < data.figures.length ? "figure" : "formula"}.`;
  const hidden = concealed.map((mistake) => concealment(data, n, mistake));
  return [...several, ...(stated.length ? stated : [unknown]), ...hidden];
}

/** Say what figures cannot tell. @type {(data: Program & Told, n: number, mistake: number) => string} */
function concealment(data, n, mistake) {
  return (
    `Another mistake in ${data.figures[n][0]} would change nothing, because of earlier mistakes; with the ` +
    `right figures it would. So the figures cannot show whether you made it. ${data.mistakes[mistake][1]}`
  );
}

/**
 * Return a verdict in a few words: the names of the mistakes, or what is said of it.
 * @type {(data: Program & Told, marked: Marked) => string}
 */
function inShort(data, { verdict, mistakes, said }) {
  if (verdict === "right" || (verdict === "missing" && !said)) {
    return "";
  }
  if (verdict === "follows") {
    return "right from your own figures";
  }
  const named = mistakes.map((mistake) => data.mistakes[mistake][0]).join(" or ");
  const usual = verdict === "wrong" ? "no known mistake" : VERDICTS[verdict][2];
  return named || said || usual;
}

/**
 * Return what a box is called in a few words: z\u2081\u2081 where its name is conv1, z\u2081\u2081.
 * @type {(data: Program & Formulas & Told, name: string, n: number) => string}
 */
function letterOf(data, name, n) {
  const letter = name.slice(name.lastIndexOf(", ") + 1).trim();
  const formula = data.formulaBoxes[n - data.figures.length];
  return formula ? `${formula[1] === 1 ? "closed form" : "formula"} of ${letter}` : letter;
}
