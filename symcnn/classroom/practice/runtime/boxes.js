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
    this.field.setAttribute("aria-description", verdict === "missing" ? open : VERDICTS[verdict][1]);
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
