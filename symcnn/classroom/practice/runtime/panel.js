/** @type {{[verdict in Verdict]: [string, string, string]}} */
const VERDICTS = {
  right: ["\u2713", "right", "right."],
  follows: ["\u21AA", "follows", "right from your own figures, but an earlier figure is wrong."],
  imprecise: ["\u2248", "imprecise", "right, but not with the digits that are asked for."],
  wrong: ["\u2717", "wrong", "wrong."],
  unread: ["?", "not read", "not read."],
  missing: ["", "", "not filled in yet."],
};
/** The sign of a verdict, its word beside a box, and what is said of the figure. */

/** What stands at the bottom of the window: what is said of a figure, hints and progress. */
class Panel {
  constructor() {
    this.root = element("aside", "practice");
    this.root.setAttribute("aria-label", "Practice");
    this.said = element("div", "said");
    this.said.setAttribute("role", "status");
    this.said.setAttribute("aria-live", "polite");
    this.hint = element("div", "hint");
    this.hint.setAttribute("aria-live", "polite");
    this.buttons = element("div", "buttons");
    this.progress = element("p", "progress");
    this.root.append(this.said, this.buttons, this.hint, this.progress);
    document.body.append(this.root);
  }

  /** Say something, a line in a paragraph; the first is what it is about. @type {(lines: string[]) => void} */
  say(lines) {
    this.said.replaceChildren(...lines.map((line) => element("p", "", line)));
  }

  /**
   * Say how much is done.
   * @param {Marked[]} marked
   * @param {number} earning How many of them earn a point.
   * @param {Marked[]} formulas
   */
  count(marked, earning, formulas) {
    const told = /** @type {[Verdict, string][]} */ ([
      ["right", "right"],
      ["follows", "right from your own figures"],
      ["imprecise", "imprecise"],
      ["wrong", "wrong"],
      ["unread", "not read"],
    ])
      .map(([verdict, said]) => [marked.filter((one) => one.verdict === verdict).length, said])
      .filter(([count]) => count)
      .map(([count, said]) => `${count} ${said}`);
    const points = earning < marked.length ? `, ${earning} of which earn a point` : "";
    const right = formulas.filter((one) => one.verdict === "right" || one.verdict === "follows").length;
    const more = formulas.length > 0 ? `; ${right} of ${formulas.length} formulas right` : "";
    const done = told.join(", ") || "None done yet";
    this.progress.textContent = `${done}, of ${marked.length} figures${points}${more}`;
  }
}

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
  if (marked.verdict === "missing" && marked.said) {
    return [`${names[n]}:`, ...more];
  }
  const lines = [`${names[n]}: ${VERDICTS[marked.verdict][2]}`, ...more];
  const stated = marked.mistakes.map((mistake) => data.mistakes[mistake][1]);
  if (marked.verdict !== "wrong") {
    return [...lines, ...stated];
  }
  if (stated.length > 1) {
    lines.push("Several mistakes lead to this figure.");
  }
  const hidden = concealed.map((mistake) => concealment(data, n, mistake));
  const unknown = `No known mistake leads to this ${n < data.figures.length ? "figure" : "formula"}.`;
  return [...lines, ...(stated.length ? stated : [unknown]), ...hidden];
}

/** Say what figures cannot tell. @type {(data: Program & Told, n: number, mistake: number) => string} */
function concealment(data, n, mistake) {
  return (
    `Another mistake in ${data.figures[n][0]} would change nothing, because of earlier mistakes; with the ` +
    `right figures it would. So the figures cannot show whether you made it. ${data.mistakes[mistake][1]}`
  );
}
