/** Says below a box how what is typed into it is read, while it is typed, where that is not plain. */
class Preview {
  /** @param {Program & Formulas & Told} data @param {FormulaMarking} formulas */
  constructor(data, formulas) {
    this.data = data;
    this.formulas = formulas;
    this.root = element("span", "reading");
  }

  /** Stand in the line below a box. @type {(line: HTMLElement | undefined) => void} */
  join(line) {
    line?.append(this.root);
  }

  /** Show how a text is read in a box. @type {(n: number, text: string) => void} */
  show(n, text) {
    const seen = n < this.data.figures.length ? this.figure(n, text) : this.formula(text);
    this.root.textContent = seen && `read as ${seen}`;
    this.root.title = seen;
  }

  /** What is read out of it: nothing where all is read as it was typed. */
  get sentence() {
    return this.root.title && `Read as ${this.root.title}.`;
  }

  /** @type {(text: string) => string} */
  formula(text) {
    try {
      return this.formulas.shown(new Reader(text, this.formulas.symbols).whole());
    } catch (error) {
      if (error instanceof Unreadable) {
        return ""; // it may not be complete yet
      }
      throw error;
    }
  }

  /** Return a number as programs write it, if it was typed otherwise. @type {(n: number, text: string) => string} */
  figure(n, text) {
    const typed = this.data.letters[n].length === 0 ? read(text) : null;
    if (typed === null || typeof typed === "string") {
      return "";
    }
    const plain = typed.text.replace(/[.,]/, this.data.comma);
    const same = text.trim().replace(/[\u2212\u2013]/g, "-");
    return plain === same ? "" : plain;
  }
}
