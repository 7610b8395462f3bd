/** Marks formulas: at the given numbers, and at others nearby. */
class FormulaMarking {
  /** @param {Program & Formulas} data */
  constructor(data) {
    this.data = data;
    this.symbols = new Symbols(data.symbols);
    /** @type {Carried[] | null} */
    this.places = null;
  }

  /**
   * Return the verdict on a formula, and how it was read.
   * @param {[number, number]} formula A figure, and 1 where the formula is to be closed.
   * @param {string} text
   * @param {Carried} own What follows from the student's figures.
   * @param {Way[][]} ways
   * @returns {Marked}
   */
  marked([figure, closed], text, own, ways) {
    if (text.trim() === "" || text.trim() === "?") {
      return { verdict: "missing", mistakes: [] };
    }
    if (isFigure(text) && this.depends(figure)) {
      return { verdict: "unread", mistakes: [], said: NUMBER };
    }
    /** @type {Tree | null} */
    let tree = null;
    try {
      tree = new Reader(text, this.symbols).whole();
      return { ...this.read(tree, [figure, closed], own, ways), seen: this.shown(tree) };
    } catch (error) {
      if (error instanceof Unreadable || error instanceof NoValue) {
        const said = error instanceof Unreadable ? error.message : NOWHERE;
        return { verdict: "unread", mistakes: [], said, seen: tree ? this.shown(tree) : undefined };
      }
      throw error;
    }
  }

  /**
   * Tell whether the formula of a figure depends on the given numbers: nearby it has other values.
   * @type {(figure: number) => boolean}
   */
  depends(figure) {
    const formula = /** @type {number} */ (formulaOf(this.data, this.data.figures[figure][2]));
    const [here, ...others] = this.everywhere().map((place) => place.due(formula));
    const isAlike = others.every((due) => due !== null && here !== null && meets(due, here));
    return !isAlike || (others.length === 0 && this.data.formulas[formula][1].length > 0);
  }

  /** Return a formula that was typed as it was read. @type {(tree: Tree) => string} */
  shown(tree) {
    return shownTree(tree, this.symbols.letters);
  }

  /**
   * Mark a formula that could be read; a number is none, unless there is nothing else to be found.
   * @type {(tree: Tree, formula: [number, number], own: Carried, ways: Way[][]) => Marked}
   */
  read(tree, [figure, closed], own, ways) {
    const entry = this.data.figures[figure][2];
    const letters = lettersOf(tree);
    if (closed === 1 && letters.length === 0 && this.depends(figure)) {
      return { verdict: "unread", mistakes: [], said: NUMBER };
    }
    const made = this.judged(tree, entry, own, ways);
    const open = closed === 1 && letters.some((one) => this.data.signals.includes(one));
    return open && made.verdict === "right" ? { ...made, verdict: "missing", said: OPEN } : made;
  }

  /** @type {(tree: Tree, entry: number, own: Carried, ways: Way[][]) => Marked} */
  judged(tree, entry, own, ways) {
    const formula = /** @type {number} */ (formulaOf(this.data, entry));
    if (this.agrees(tree, formula)) {
      return { verdict: "right", mistakes: [] };
    }
    if (hasNumbers(tree)) {
      return this.substituted(tree, entry, own, ways);
    }
    const found = ways[this.data.entries[entry][0]].filter((way) => {
      const other = way.formula(entry);
      return other !== null && other !== formula && this.agrees(tree, other);
    });
    const here = this.meetsAt(this.everywhere()[0], tree, formula);
    return { verdict: "wrong", mistakes: this.named(found), said: here ? HERE_ALONE : undefined };
  }

  /**
   * Mark a formula in numbers as a figure is marked.
   * @type {(tree: Tree, entry: number, own: Carried, ways: Way[][]) => Marked}
   */
  substituted(tree, entry, own, ways) {
    const formula = /** @type {number} */ (formulaOf(this.data, entry));
    if (this.meetsAt(this.everywhere()[0], tree, formula)) {
      return { verdict: "right", mistakes: [] };
    }
    if (this.meetsAt(own, tree, formula)) {
      return { verdict: "follows", mistakes: [] };
    }
    const found = ways[this.data.entries[entry][0]].filter((way) => {
      const other = way.formula(entry);
      return other !== null && other !== formula && this.meetsAt(own, tree, other);
    });
    return { verdict: "wrong", mistakes: this.named(found) };
  }

  /** @type {(ways: Way[]) => number[]} */
  named(ways) {
    const found = [...new Set(ways.map((way) => way.mistake))];
    const first = found.filter((mistake) => this.data.mistakes[mistake][2] === 0);
    return first.length > 0 ? first : found;
  }

  /**
   * Tell whether a formula that was typed equals another one, here and nearby.
   * @type {(tree: Tree, formula: number) => boolean}
   */
  agrees(tree, formula) {
    return this.everywhere().every((place) => this.meetsAt(place, tree, formula));
  }

  /** @type {(place: Carried, tree: Tree, formula: number) => boolean} */
  meetsAt(place, tree, formula) {
    const due = place.due(formula);
    const alone = lettersOf(tree).length > 0;
    const numbers = {
      number: /** @param {string} text */ (text) => (alone ? standsAlone(text) : this.typed(text)),
      entry: /** @param {number} entry */ (entry) => place.value(entry) ?? WHOLE,
    };
    return due !== null && meets(worth(tree, numbers), due);
  }

  /**
   * Return what a number stands for that was put in: one that is given stands for itself.
   * @type {(text: string) => Interval}
   */
  typed(text) {
    const written = read(text);
    const exact = standsAlone(text);
    const given = this.data.entries.some(
      ([, ends]) => typeof ends !== "number" && ends.length === 1 && meets(sizes(intervalOf(ends)), exact),
    );
    const counts = /^\d+$/.test(text);
    return given || counts || written === null || typeof written === "string" ? exact : standsFor(written);
  }

  /** Return the given numbers and those nearby. @returns {Carried[]} */
  everywhere() {
    this.places ??= nearby(this.data, this.data.moving);
    return this.places;
  }
}

/** Tell whether a text is a number by itself. @type {(text: string) => boolean} */
function isFigure(text) {
  const found = read(text);
  return found !== null && typeof found !== "string";
}

const NUMBER = "This is a number. Give the formula.";
const OPEN = "This is right, but it contains error signals. In a closed form, replace them by their formulas.";
const NOWHERE = "The formula has no value at the given numbers.";
const HERE_ALONE = "This gives the right number, but only at these given numbers.";

/** Say how formulas are typed, by letters that the page has. @type {(data: Formulas) => string} */
function howToType({ symbols, signals }) {
  const error = symbols.filter(([, entry]) => signals.includes(entry)).map(([letter]) => letter);
  const signal = error.find((letter) => /\p{L}\d+$/u.test(keyed(letter)));
  const above = symbols.find(([letter]) => /\(\d\)\d/.test(keyed(letter)))?.[0];
  const examples = [signal, above].flatMap((one) => (one ? [`${keyed(one)} for ${one}`] : []));
  const letters = examples.length > 0 ? `, such as ${examples.join(" and ")}` : "";
  return `Type letters as you read them${letters}; use * / ^, parentheses and brackets such as [a >= b].`;
}

/** Return a letter as keys have it. @type {(letter: string) => string} */
function keyed(letter) {
  return ordinary(letter).replace(/[_^{}]/g, "").replace(/\u03B4/g, "d").replace(/\u0302/g, "hat");
}

/** Return the entries that a formula names. @type {(tree: Tree) => number[]} */
function lettersOf(tree) {
  return tree.entry === undefined ? tree.parts.flatMap(lettersOf) : [tree.entry];
}

/** Tell whether numbers were put into a formula, apart from integers. @type {(tree: Tree) => boolean} */
function hasNumbers(tree) {
  const own = tree.name === "n" && !/^\d+$/.test(tree.text ?? "");
  const parts = tree.name === "^" ? tree.parts.slice(0, 1) : tree.parts;
  return own || parts.some(hasNumbers);
}
