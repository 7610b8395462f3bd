/** @typedef {"right" | "follows" | "wrong" | "missing"} Verdict */

/**
 * A figure, marked: its verdict, the numbers of the mistakes that yield it if it is wrong, and what
 * else is said of it.
 * @typedef {{verdict: Verdict, mistakes: number[], said?: string}} Marked
 */

/** One sheet: a verdict for every figure, with errors carried forward. */
class Sheet {
  /**
   * @param {Program} program
   * @param {(Written | null)[]} answers As many as there are figures.
   */
  constructor(program, answers) {
    this.program = program;
    this.answers = answers;
    /** @type {Map<number, Written>} */
    this.figures = new Map();
    /** @type {Map<number, number>} */
    this.places = new Map(program.figures.map(([, , entry], n) => [entry, n]));
    answers.forEach((written, n) => {
      if (written) {
        this.figures.set(program.figures[n][2], written);
      }
    });
    this.carried = new Carried(program, this.figures);
    /** @type {Map<number, Verdict>} */
    this.verdicts = new Map();
  }

  /** Mark all figures. @type {(ways: Way[][]) => Marked[]} */
  marked(ways) {
    const naming = new Naming(this.carried, ways);
    return this.quantities().flatMap((places) => {
      const verdicts = places.map((n) => this.verdict(n));
      return this.named(naming, places, verdicts);
    });
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
   * Name the mistakes behind the wrong figures of one quantity.
   * @type {(naming: Naming, places: number[], verdicts: Verdict[]) => Marked[]}
   */
  named(naming, places, verdicts) {
    /** @type {Figures} */
    const wrong = [];
    /** @type {Figures} */
    const others = [];
    places.forEach((n, at) => {
      const written = this.answers[n];
      if (written) {
        (verdicts[at] === "wrong" ? wrong : others).push([this.program.figures[n][2], written]);
      }
    });
    const found = wrong.length > 0 ? naming.mistakes(wrong, others) : [];
    return verdicts.map((verdict) => ({
      verdict,
      mistakes: verdict === "wrong" ? (found.shift() ?? []) : [],
    }));
  }

  /** Return the verdict on a figure. @type {(n: number) => Verdict} */
  verdict(n) {
    const written = this.answers[n];
    const [, , entry, expected] = this.program.figures[n];
    const formula = formulaOf(this.program, entry);
    if (!written) {
      return "missing";
    }
    if (roundsTo(expected, written)) {
      return "right";
    }
    if (formula === null || !agrees(this.carried.due(formula), written)) {
      return "wrong";
    }
    const sources = [...this.carried.sources(formula)];
    return sources.every((source) => this.isRight(source)) ? "right" : "follows";
  }

  /** Tell whether the figure of an entry is right. @type {(entry: number) => boolean} */
  isRight(entry) {
    let verdict = this.verdicts.get(entry);
    if (!verdict) {
      verdict = this.verdict(/** @type {number} */ (this.places.get(entry)));
      this.verdicts.set(entry, verdict);
    }
    return verdict === "right";
  }
}

/** Tell whether a true value rounds to a figure. @type {(expected: string[], written: Written) => boolean} */
function roundsTo(expected, written) {
  if (expected.length === 2) {
    return meets(intervalOf(expected), standsFor(written));
  }
  const exact = fractionIn(expected[0]);
  return atMost(written.least, exact) && atMost(exact, written.greatest);
}

/**
 * Read figures; what is no number, or none of the letters that are asked for, is no answer.
 * @type {(texts: string[], letters?: string[][]) => (Written | null)[]}
 */
function answersOf(texts, letters = []) {
  const figures = texts.map((text, n) => readAs(text, letters[n] ?? []));
  return figures.map((figure) => (typeof figure === "string" ? null : figure));
}

/**
 * Read a figure, or letters if these are asked for.
 * @type {(text: string, letters: string[]) => Written | string | null}
 */
function readAs(text, letters) {
  return letters.length > 0 ? readLetters(text, letters) : read(text);
}
