/**
 * A figure, marked: its verdict; the numbers of the mistakes that yield it if it is wrong, or of
 * what is wrong with its digits; the share of its points that it earns; what else is said of it; and
 * how a formula was read.
 * @typedef {{verdict: Verdict, mistakes: number[], share?: number, said?: string, seen?: string}} Marked
 */

/** One sheet: a verdict for every figure, with errors carried forward. */
class Sheet {
  /**
   * @param {Program} program
   * @param {(Written | string | null)[]} answers As many as there are figures; a text says why
   *   what was written is no figure.
   */
  constructor(program, answers) {
    this.program = program;
    this.answers = answers;
    /** @type {Map<number, Written>} */
    this.figures = new Map();
    /** @type {Map<number, number>} */
    this.places = new Map(program.figures.map(([, , entry], n) => [entry, n]));
    answers.forEach((written, n) => {
      if (written !== null && typeof written !== "string") {
        this.figures.set(program.figures[n][2], written);
      }
    });
    this.carried = new Carried(program, this.figures);
    this.asWritten = new AsWritten(program, this.figures);
    this.judge = new Judge(program, this.carried, this.asWritten, (formula) => this.verdictsOf(formula));
    /** @type {Map<number, Judgement>} */
    this.judgements = new Map();
  }

  /** Mark all figures. @type {(ways: Way[][]) => Marked[]} */
  marked(ways) {
    const naming = new Naming(this.carried, this.asWritten, ways);
    return this.quantities().flatMap((places) => this.named(naming, places));
  }

  /**
   * Return for each figure the mistakes that were perhaps made in its quantity too, if that has
   * wrong figures.
   * @type {(concealing: Concealing, marked: Marked[]) => number[][]}
   */
  concealed(concealing, marked) {
    return this.quantities().flatMap((places) => {
      const isWrong = places.some((n) => marked[n].verdict === "wrong");
      const entries = places.map((n) => this.program.figures[n][2]);
      const found = isWrong ? concealing.mistakes(this.carried, entries) : [];
      return places.map(() => found);
    });
  }

  /** Return the figures of each quantity. @returns {number[][]} */
  quantities() {
    /** @type {Map<string, number[]>} */
    const found = new Map();
    this.program.figures.forEach(([quantity], n) => {
      found.set(quantity, [...(found.get(quantity) ?? []), n]);
    });
    return [...found.values()];
  }

  /**
   * Mark the figures of one quantity, and name the mistakes behind the wrong ones.
   * @type {(naming: Naming, places: number[]) => Marked[]}
   */
  named(naming, places) {
    const judged = places.map((n) => this.judgement(n));
    /** @type {Figures} */
    const wrong = [];
    /** @type {Figures} */
    const others = [];
    places.forEach((n, at) => {
      const entry = this.program.figures[n][2];
      const written = this.figures.get(entry);
      if (written) {
        (judged[at].verdict === "wrong" ? wrong : others).push([entry, written]);
      }
    });
    const found = wrong.length > 0 ? naming.mistakes(wrong, others) : [];
    return judged.map((one, at) => {
      const causes = one.verdict === "wrong" ? (found.shift() ?? []) : [];
      const isSure = causes.some((mistake) => this.program.mistakes[mistake][2] === 0);
      const own = isSure ? [] : this.ofDigits(places[at], one);
      const mistakes = own.length > 0 ? own : causes;
      return { verdict: one.verdict, mistakes, share: this.share(one) };
    });
  }

  /**
   * Return what is wrong with the digits of a figure, or that it repeats a given number.
   * @type {(n: number, judged: Judgement) => number[]}
   */
  ofDigits(n, { verdict, isCut }) {
    const entry = this.program.figures[n][2];
    const formula = formulaOf(this.program, entry);
    const written = this.figures.get(entry);
    const [repeated, truncated] = this.program.ofDigits;
    if (isCut) {
      return [truncated];
    }
    const isNumber = verdict === "wrong" && written && !written.isLetters && formula !== null;
    return isNumber && isGivenIn(this.program, this.carried.original(formula), written) ? [repeated] : [];
  }

  /** Return the share of its points that a figure earns. @type {(judged: Judgement) => number} */
  share({ verdict, isCarried }) {
    const { precision, carried } = this.program;
    if (verdict !== "right" && verdict !== "follows" && verdict !== "imprecise") {
      return 0;
    }
    return (isCarried ? carried : 1) * (verdict === "imprecise" ? precision.share : 1);
  }

  /** Return the verdict on a figure. @type {(n: number) => Judgement} */
  judgement(n) {
    const written = this.answers[n];
    const [, , entry, expected] = this.program.figures[n];
    if (written === null) {
      return { verdict: "missing" };
    }
    if (typeof written === "string") {
      return { verdict: "unread" };
    }
    let found = this.judgements.get(entry);
    if (!found) {
      found = this.judge.judgement(written, expected, formulaOf(this.program, entry));
      this.judgements.set(entry, found);
    }
    return found;
  }

  /** Return the verdicts on the figures that a formula depends on. @type {(formula: number) => Verdict[]} */
  verdictsOf(formula) {
    return [...this.carried.sources(formula)].map((entry) => {
      const n = /** @type {number} */ (this.places.get(entry));
      return this.judgement(n).verdict;
    });
  }
}

/**
 * Read figures, or what is wrong with them where they are none.
 * @type {(texts: string[], letters?: string[][]) => (Written | string | null)[]}
 */
function answersOf(texts, letters = []) {
  return texts.map((text, n) => readAs(text, letters[n] ?? []));
}

/**
 * Read a figure, or letters if these are asked for.
 * @type {(text: string, letters: string[]) => Written | string | null}
 */
function readAs(text, letters) {
  return letters.length > 0 ? readLetters(text, letters) : read(text);
}
