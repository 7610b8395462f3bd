const LONG = 7; // a figure with more characters has smaller ones
const LONG_FORMULA = 28;

/** The page: its boxes, what was typed into them, and what is said of it. */
class Practice {
  constructor() {
    this.data = pageData();
    this.ways = waysOf(this.data);
    this.names = namesOf(this.data);
    this.formulas = new FormulaMarking(this.data);
    this.concealing = new Concealing(this.data, this.ways);
    this.store = new Store(this.data.key);
    this.panel = new Panel();
    this.hinted = new Hints(this.data, this.panel.hint);
    this.helper = new Helper(() => this.help());
    this.findings = new Findings(this.data, this.names);
    this.preview = new Preview(this.data, this.formulas);
    /** @type {Map<number, Box[]>} */
    this.boxes = new Map();
    /** @type {Box[]} */
    this.others = [];
    /** @type {Box | null} */
    this.student = null;
    /** @type {Marked[]} */
    this.marked = [];
    /** @type {number[][]} */
    this.concealed = [];
    this.current = -1;
    /** @type {Box | null} */
    this.focused = null;
    this.fill();
    const kept = this.store.load();
    this.texts = textsOf(kept.figures, this.names.length);
    this.hints = countsOf(kept.hints, this.names.length);
    textsOf(kept.others, this.others.length).forEach((text, n) => {
      this.others[n].field.value = text;
    });
    this.addButtons();
    this.update();
    this.panel.say([
      "Type a figure into a box; it is marked when you leave the box. The key ? gives a hint.",
      "Boxes with dotted frames are for your own notes and are not marked.",
    ]);
  }

  /** Put fields into all boxes. */
  fill() {
    for (const gap of splitFormulas()) {
      const name = gap.dataset.gap ?? "";
      if (name.startsWith("box-")) {
        this.addFigure(gap, Number(name.slice("box-".length)));
      } else if (name.startsWith("formula-")) {
        this.addFigure(gap, this.data.figures.length + Number(name.slice("formula-".length)));
      } else if (name !== "score") {
        this.addOther(gap, name);
      }
    }
    this.score = /** @type {HTMLElement | null} */ (
      document.querySelector('main [data-gap="score"]')
    );
    this.score?.removeAttribute("role");
    this.score?.removeAttribute("aria-label");
  }

  /** @type {(gap: HTMLElement, n: number) => void} */
  addFigure(gap, n) {
    const box = new Box(gap, this.names[n], this.isNumber(n) ? "decimal" : "text");
    this.boxes.set(n, [...(this.boxes.get(n) ?? []), box]);
    this.findings.add(n, box);
    const marking = delayed(() => this.update());
    box.field.addEventListener("input", () => {
      this.type(n, box);
      marking.later();
    });
    box.field.addEventListener("change", () => {
      marking.now();
      this.announce(n);
    });
    box.field.addEventListener("focus", () => {
      this.focused = box;
      this.helper.join(box, this.findings.below(box), this.names[n]);
      this.preview.join(this.findings.below(box));
      this.choose(n);
    });
    box.field.addEventListener("keydown", (event) => {
      this.helper.press(event);
      if (event.key === "Enter") {
        marking.now();
      }
    });
  }

  /** Tell whether a box is for a number, and not for letters or a formula. @type {(n: number) => boolean} */
  isNumber(n) {
    return this.data.letters[n]?.length === 0;
  }

  /** @type {(gap: HTMLElement, name: string) => void} */
  addOther(gap, name) {
    const label = { student: "Your name", date: "Date" }[name];
    const box = new Box(gap, label ?? "your own note, which is not marked");
    if (name === "student") {
      this.student = box;
    }
    box.field.addEventListener("input", () => this.keep());
    this.others.push(box);
  }

  addButtons() {
    const buttons = /** @type {[string, () => void][]} */ ([
      ["Hint", () => this.help()],
      ["Next box", () => this.next()],
      ["\u00B1", () => this.changeSign()],
    ]);
    const more = /** @type {[string, () => void][]} */ ([
      ["Save summary", () => saveFile("answers.json", this.summary())],
      ["Print", () => window.print()],
      ["Start again", () => this.restart()],
    ]);
    const others = element("details", "");
    others.append(element("summary", "", "More"), ...more.map((one) => button(...one)));
    const made = buttons.map((one) => button(...one));
    made[made.length - 1].setAttribute("aria-label", "Change the sign");
    this.panel.buttons.append(...made, others, whatCanBeTyped(this.data));
  }

  /** Take what is typed into one box of a figure for all of them. @type {(n: number, from: Box) => void} */
  type(n, from) {
    for (const one of [n, ...this.copies(n)]) {
      this.texts[one] = from.field.value;
    }
    this.forget(n);
    this.preview.show(n, from.field.value);
    for (const box of this.boxes.get(n) ?? []) {
      box.mark("missing", "");
      if (box !== from) {
        box.field.value = from.field.value;
      }
    }
  }

  /** Take back what was said of a figure that is changed. @type {(n: number) => void} */
  forget(n) {
    if (this.marked[n].verdict !== "missing" || this.marked[n].said) {
      this.marked[n] = { verdict: "missing", mistakes: [] };
      this.findings.show(this.marked, this.marked.map((_, m) => this.words(m)));
    }
  }

  /**
   * Return the figures without boxes that only copy a figure: they need not be written again.
   * @type {(n: number) => number[]}
   */
  copies(n) {
    const { figures, formulas, entries } = this.data;
    if (n >= figures.length) {
      return [];
    }
    const found = [figures[n][2]];
    for (const entry of found) {
      figures.forEach(([, , copy], m) => {
        const formula = formulaOf(this.data, copy);
        const isCopy = entries[copy][2] === 1 && formula !== null && formulas[formula][1][0] === entry;
        if (isCopy && !this.boxes.has(m) && !found.includes(copy)) {
          found.push(copy);
        }
      });
    }
    return found.slice(1).map((entry) => figures.findIndex(([, , one]) => one === entry));
  }

  /** Mark everything, and show it. */
  update() {
    const texts = this.texts.slice(0, this.data.figures.length);
    const sheet = new Sheet(this.data, answersOf(texts, this.data.letters));
    const figures = sheet.marked(this.ways);
    this.sheet = sheet;
    this.concealed = sheet.concealed(this.concealing, figures);
    const formulas = this.data.formulaBoxes.map((box, n) =>
      this.formulas.marked(box, this.texts[figures.length + n], sheet.carried, this.ways),
    );
    this.marked = [...figures.map((one, n) => this.asRead(n, one)), ...formulas];
    const said = this.marked.map((_, n) => this.words(n));
    this.marked.forEach((marked, n) => this.show(n, marked, said[n]));
    this.findings.show(this.marked, said);
    const { open, earning } = this.data;
    const points = inPoints(scoreOf(this.data, this.marked));
    if (this.score) {
      this.score.textContent = points;
    }
    this.panel.sum(points, inPoints(mostOf(this.data)));
    this.panel.count(open.map((n) => this.marked[n]), earning.length, formulas);
    this.keep();
    this.tell();
  }

  /** Return what is said of a figure or a formula. @type {(n: number) => string[]} */
  words(n) {
    return words(this.data, this.names, n, this.marked[n], this.concealed[n] ?? []);
  }

  /** Say why a figure could not be read. @type {(n: number, marked: Marked) => Marked} */
  asRead(n, marked) {
    const found = marked.verdict === "unread" ? readAs(this.texts[n], this.data.letters[n]) : null;
    return typeof found === "string" ? { ...marked, said: found } : marked;
  }

  /** Read the verdict on a box out, which is left. @type {(n: number) => void} */
  announce(n) {
    if (this.texts[n].trim() !== "") {
      this.panel.announcer.say([...this.words(n), this.preview.sentence].join(" ").trim());
    }
  }

  /** Return the file of what was written. @returns {string} */
  summary() {
    return summary(this.data, this.texts, this.student?.field.value ?? "");
  }

  /** @type {(n: number, marked: Marked, said: string[]) => void} */
  show(n, marked, said) {
    const open = marked.verdict === "missing" && marked.said ? "not yet" : "";
    const room = n < this.data.figures.length ? LONG : LONG_FORMULA;
    for (const box of this.boxes.get(n) ?? []) {
      box.mark(marked.verdict, said.join(" "), open);
      if (box.field.value !== this.texts[n]) {
        box.field.value = this.texts[n];
      }
      box.field.classList.toggle("long", this.texts[n].length > room);
    }
  }

  /** Say what is to be said of the figure that is worked on, with the hints on it. */
  tell() {
    const n = this.current;
    if (n < 0 || !this.sheet) {
      return;
    }
    this.preview.show(n, this.texts[n]);
    const told = this.words(n);
    const lines = this.texts[n].trim() ? told : [...told, askedFor(this.data, n)];
    const box = this.data.formulaBoxes[n - this.data.figures.length];
    if (box) {
      this.panel.say(this.texts[n] ? lines : [...lines, howToType(this.data)]);
      this.hinted.show(box[0], Math.min(2, this.hints[n]), this.sheet.figures);
      return;
    }
    this.panel.say(lines);
    this.hinted.show(n, this.hints[n], this.sheet.figures);
  }

  /** @type {(n: number) => void} */
  choose(n) {
    if (n !== this.current) {
      this.current = n;
      this.tell();
    }
  }

  /** Give the next hint on the figure that is worked on. */
  help() {
    if (this.current < 0) {
      this.panel.answer("Choose a box first.");
      return;
    }
    this.hints[this.current] = Math.min(3, this.hints[this.current] + 1);
    this.keep();
    this.tell();
    this.announceHint();
    this.focused?.gap.scrollIntoView({ block: "nearest" });
  }

  /** Read the last hint out that is shown. */
  announceHint() {
    const last = this.panel.hint.lastElementChild;
    this.panel.announcer.say(last ? last.cloneNode(true) : "There is no hint on this box.");
  }

  /** Change the sign of the figure that is worked on: not all phones have a key for it. */
  changeSign() {
    const box = this.boxes.get(this.current)?.[0];
    if (box && this.isNumber(this.current)) {
      const text = box.field.value.trim();
      box.field.value = /^[-\u2212]/.test(text) ? text.slice(1) : `-${text.replace(/^\+/, "")}`;
      this.type(this.current, box);
      this.update();
      this.announce(this.current);
      box.field.focus();
    }
  }

  /** Go to the next box that is empty, or not right yet. */
  next() {
    const done = ["right", "follows"];
    const open = [...this.boxes.keys()].filter((n) => !done.includes(this.marked[n].verdict));
    const order = [...this.boxes.keys()];
    const behind = order.slice(order.indexOf(this.current) + 1);
    const n = [...behind, ...order].find((one) => open.includes(one));
    const field = n === undefined ? undefined : this.boxes.get(n)?.[0].field;
    if (field) {
      field.focus();
    } else {
      this.panel.answer("All boxes are filled in, and no figure is wrong.");
    }
  }

  /** Keep what was typed. */
  keep() {
    const others = this.others.map((box) => box.field.value);
    const kept = this.store.save({ figures: this.texts, others, hints: this.hints });
    this.panel.root.classList.toggle("unkept", !kept);
  }

  /** Begin anew, if that is wanted. */
  restart() {
    if (window.confirm("Empty all boxes?")) {
      this.texts.fill("");
      this.hints.fill(0);
      this.others.forEach((box) => {
        box.field.value = "";
      });
      this.update();
    }
  }
}

new Practice();
