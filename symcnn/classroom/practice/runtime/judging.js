/** @typedef {"right" | "follows" | "imprecise" | "wrong" | "unread" | "missing"} Verdict */

/**
 * A verdict; whether the figure agrees with the figures before it alone, which are not all right;
 * and whether its last digits were cut off.
 * @typedef {{verdict: Verdict, isCarried?: boolean, isCut?: boolean}} Judgement
 */

/** Gives verdicts on the figures of one sheet. */
class Judge {
  /**
   * @param {Program} program
   * @param {Carried} carried What follows from the figures.
   * @param {Carried} asWritten What follows from them exactly as they are written.
   * @param {(formula: number) => Verdict[]} verdicts Gives those on what a formula depends on.
   */
  constructor(program, carried, asWritten, verdicts) {
    this.program = program;
    this.precision = program.precision;
    this.carried = carried;
    this.asWritten = asWritten;
    this.verdicts = verdicts;
  }

  /**
   * Return the verdict on a figure that has a true value and, unless it is given, a formula.
   * @type {(written: Written, expected: string[], formula: number | null) => Judgement}
   */
  judgement(written, expected, own) {
    if (written.isLetters) {
      return this.byOwnDigits(written, expected, own);
    }
    const formula = own === null ? null : this.carried.original(own);
    const numbers = intervalOf(expected);
    if (formula !== null && isGivenIn(this.program, formula, written)) {
      return this.repeated(written, numbers, formula);
    }
    if (agreesAt(this.precision, numbers, written) || this.isCut(written, numbers, true)) {
      return { verdict: "right" };
    }
    if (formula === null) {
      return this.imprecise(written, numbers, formula);
    }
    return this.follows(written, formula)
      ? this.carriedOn(written, numbers, formula)
      : this.imprecise(written, numbers, formula);
  }

  /** @type {(written: Written, expected: string[], formula: number | null) => Judgement} */
  byOwnDigits(written, expected, formula) {
    if (roundsTo(expected, written)) {
      return { verdict: "right" };
    }
    const follows = formula !== null && agrees(this.carried.due(formula), written);
    if (!follows) {
      return { verdict: "wrong" };
    }
    return this.areRight(formula) ? { verdict: "right" } : { verdict: "follows", isCarried: true };
  }

  /** @type {(written: Written, numbers: Interval, formula: number) => Judgement} */
  repeated(written, numbers, formula) {
    if (repeatsRightly(this.precision, numbers, written)) {
      return { verdict: "right" };
    }
    let follows = repeatsRightly(this.precision, this.asWritten.due(formula), written);
    if (!follows && !isShort(this.precision, written)) {
      const stands = mayStandFor(this.precision, this.carried.due(formula), written);
      follows = stands && !this.hasShortSources(formula);
    }
    /** @type {Judgement} */
    const wrong = { verdict: "wrong" };
    const found = follows ? this.carriedOn(written, numbers, formula) : wrong;
    return found.verdict === "imprecise" ? wrong : found;
  }

  /** Tell whether a figure that a formula depends on has too few digits. @type {(formula: number) => boolean} */
  hasShortSources(formula) {
    return [...this.carried.sources(formula)].some((entry) => {
      const written = this.carried.figures.get(entry);
      return written !== undefined && isShort(this.precision, written);
    });
  }

  /** @type {(written: Written, formula: number) => boolean} */
  follows(written, formula) {
    if (agreesAt(this.precision, this.asWritten.due(formula), written)) {
      return true;
    }
    const due = this.carried.due(formula);
    if (isShort(this.precision, written)) {
      return false;
    }
    return mayStandFor(this.precision, due, written) || this.isCut(written, due, true);
  }

  /**
   * Tell whether a figure has all digits, the others cut off, where that is accepted, or is not.
   * @type {(written: Written, numbers: Interval | null, accepted: boolean) => boolean}
   */
  isCut(written, numbers, accepted) {
    if (accepted !== (this.precision.truncation === 1) || isShort(this.precision, written)) {
      return false;
    }
    return isTruncated(numbers, written);
  }

  /** @type {(written: Written, numbers: Interval, formula: number | null) => Judgement} */
  imprecise(written, numbers, formula) {
    const due = formula === null ? null : this.due(written, formula);
    const isLacking = isShort(this.precision, written);
    for (const found of [numbers, due]) {
      const isCarried = found !== numbers && formula !== null && !this.areRight(formula);
      if (isLacking && roundsShort(this.precision, found, written)) {
        return { verdict: "imprecise", isCarried };
      }
      if (this.isCut(written, found, false)) {
        return { verdict: "imprecise", isCarried, isCut: true };
      }
    }
    return { verdict: "wrong" };
  }

  /**
   * Return what follows; from short figures, a short one has to follow exactly.
   * @type {(written: Written, formula: number) => Interval | null}
   */
  due(written, formula) {
    const isExact = isShort(this.precision, written) && this.hasShortSources(formula);
    return (isExact ? this.asWritten : this.carried).due(formula);
  }

  /**
   * Return the verdict on what follows; what is short from imprecise figures is imprecise.
   * @type {(written: Written, numbers: Interval, formula: number) => Judgement}
   */
  carriedOn(written, numbers, formula) {
    if (this.areRight(formula)) {
      return { verdict: "right" };
    }
    if (!isShort(this.precision, written) || !this.verdicts(formula).includes("imprecise")) {
      return { verdict: "follows", isCarried: true };
    }
    return { verdict: "imprecise", isCarried: !roundsShort(this.precision, numbers, written) };
  }

  /** Tell whether the figures that a formula depends on are all right. @type {(formula: number) => boolean} */
  areRight(formula) {
    return this.verdicts(formula).every((verdict) => verdict === "right");
  }
}

/**
 * Tell whether a figure is nothing but a given number that a formula reads.
 * @type {(program: Program, formula: number, written: Written) => boolean}
 */
function isGivenIn(program, formula, written) {
  const value = valueOf(written);
  return program.formulas[formula][1].some((entry) => {
    const given = program.entries[originalOf(program, entry)][1];
    if (typeof given === "number" || given.length !== 1) {
      return false;
    }
    const exact = fractionIn(given[0]);
    return atMost(exact, value) && atMost(value, exact);
  });
}

/** Return the entry that another one copies; if it copies none, itself. @type {(program: Program, entry: number) => number} */
function originalOf(program, entry) {
  const formula = formulaOf(program, entry);
  const isCopy = formula !== null && program.entries[entry][2] === 1;
  return isCopy ? originalOf(program, program.formulas[formula][1][0]) : entry;
}

/** Tell whether a true value rounds to a figure. @type {(expected: string[], written: Written) => boolean} */
function roundsTo(expected, written) {
  if (expected.length === 2) {
    return meets(intervalOf(expected), standsFor(written));
  }
  const exact = fractionIn(expected[0]);
  return atMost(written.least, exact) && atMost(exact, written.greatest);
}
