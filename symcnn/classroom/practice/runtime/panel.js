/** What stands at the bottom of the window: what is said of a figure, hints and progress. */
class Panel {
  constructor() {
    this.root = element("aside", "practice");
    this.root.setAttribute("aria-label", "Practice");
    this.said = element("div", "said");
    this.hint = element("div", "hint");
    this.buttons = element("div", "buttons");
    this.progress = element("p", "progress");
    this.total = element("p", "total");
    this.announcer = new Announcer();
    this.root.append(this.said, this.buttons, this.hint, this.total, this.progress);
    document.body.append(this.root);
  }

  /** Say something, a line in a paragraph; the first is what it is about. @type {(lines: string[]) => void} */
  say(lines) {
    this.said.replaceChildren(...lines.map((line) => element("p", "", line)));
  }

  /** Say something at once, as an answer to a button. @type {(line: string) => void} */
  answer(line) {
    this.say([line]);
    this.announcer.say(line);
  }

  /** Say how many points are earned. @type {(points: string, most: string) => void} */
  sum(points, most) {
    this.total.textContent = `Points: ${points} of ${most}`;
  }

  /**
   * Say how much is done.
   * @param {Marked[]} marked
   * @param {number} earning How many of them earn points.
   * @param {Marked[]} formulas
   */
  count(marked, earning, formulas) {
    const told = /** @type {[Verdict, string][]} */ ([
      ["right", "right"],
      ["follows", "right from your own figures"],
      ["imprecise", "imprecise"],
      ["wrong", "wrong"],
      ["unread", "unread"],
    ])
      .map(([verdict, said]) => [marked.filter((one) => one.verdict === verdict).length, said])
      .filter(([count]) => count)
      .map(([count, said]) => `${count} ${said}`);
    const points = earning < marked.length ? `, ${earning} of which earn points` : "";
    const right = formulas.filter((one) => one.verdict === "right" || one.verdict === "follows").length;
    const more = formulas.length > 0 ? `; ${right} of ${formulas.length} formulas right` : "";
    const done = told.join(", ") || "None done yet";
    this.progress.textContent = `${done}, of ${marked.length} figures${points}${more}`;
  }
}
