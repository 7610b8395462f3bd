/** What follows from figures: the formula of an entry at the figures that it depends on. */
class Carried {
  /**
   * @param {Program} program
   * @param {Map<number, Written>} figures What was written, by entries.
   */
  constructor(program, figures) {
    this.program = program;
    this.figures = figures;
    this.rounding = roundingOf(figures.values());
    /** @type {Map<number, Interval | null>} */
    this.known = new Map();
    /** @type {Map<number, Interval | null>} */
    this.results = new Map();
    /** @type {Map<number, Set<number>>} */
    this.near = new Map();
    this.steps = new Steps(program.steps, INTERVALS, (entry) => this.known.get(entry) ?? WHOLE);
  }

  /**
   * Return what a formula is at the figures; null where it has no value there. A copy of what was
   * not written is due as that is itself.
   * @type {(formula: number) => Interval | null}
   */
  due(formula) {
    let found = this.results.get(formula);
    if (found === undefined) {
      found = this.atFigures(this.original(formula));
      this.results.set(formula, found);
    }
    return found;
  }

  /** Return a formula; of a copy of what was not written, the formula of that. @type {(formula: number) => number} */
  original(formula) {
    const copied = this.isCopy(formula) ? this.program.formulas[formula][1][0] : null;
    const before = copied === null || this.figures.has(copied) ? null : this.formula(copied);
    return before === null ? formula : this.original(before);
  }

  /** @type {(formula: number) => Interval | null} */
  atFigures(formula) {
    const without = this.withoutStage(formula);
    return (without === null ? null : this.at(without)) ?? this.at(formula);
  }

  /**
   * Return the formula without the stage that a formula subtracts, if that was not written down.
   * @type {(formula: number) => number | null}
   */
  withoutStage(formula) {
    const [, , stage, without] = this.program.formulas[formula];
    if (stage === undefined || this.figures.has(stage)) {
      return null;
    }
    return this.formula(stage) === formulaOf(this.program, stage) ? (without ?? null) : null;
  }

  /** Return the values of a formula. @type {(formula: number) => Interval | null} */
  at(formula) {
    const [last, reads] = this.program.formulas[formula];
    if (reads.some((entry) => this.value(entry) === null)) {
      return null;
    }
    try {
      return this.steps.value(last);
    } catch (error) {
      if (error instanceof NoValue) {
        return null;
      }
      throw error;
    }
  }

  /** Return the formula of an entry; null for what is given. @type {(entry: number) => number | null} */
  formula(entry) {
    return formulaOf(this.program, entry);
  }

  /**
   * Return the interval of an entry: its figure's, or what follows for it.
   * @type {(entry: number) => Interval | null}
   */
  value(entry) {
    let found = this.known.get(entry);
    if (found === undefined) {
      found = this.found(entry);
      this.known.set(entry, found);
    }
    return found;
  }

  /** @type {(entry: number) => Interval | null} */
  found(entry) {
    const written = this.figures.get(entry);
    const formula = this.formula(entry);
    if (written) {
      return this.written(written, formula);
    }
    if (formula === null) {
      const given = this.program.entries[entry][1];
      return typeof given === "number" ? null : intervalOf(given);
    }
    if (isError(this.program, entry)) {
      return this.error(formula);
    }
    if (this.isCopy(formula)) {
      return this.value(this.program.formulas[formula][1][0]);
    }
    const due = this.due(formula);
    return due === null ? null : roundedLike(this.rounding, due);
  }

  /** Return what rounding may add to a stage that was not written down. @type {(stage: number) => Interval | null} */
  error(stage) {
    const due = this.due(stage);
    return due === null ? null : roundingError(this.rounding, due);
  }

  /** Return the numbers that a figure stands for. @type {(written: Written, formula: number | null) => Interval} */
  written(written, formula) {
    const fine = precise(this.rounding, written);
    const due = formula === null ? null : this.due(formula);
    return fine && due && meets(due, fine) ? fine : standsFor(written);
  }

  /** Tell whether a formula is an entry alone: a copy is not rounded again. @type {(formula: number) => boolean} */
  isCopy(formula) {
    return this.program.steps[this.program.formulas[formula][0]][0] === "s";
  }

  /**
   * Return the entries with figures that a formula depends on, the nearest on each way.
   * @type {(formula: number) => Set<number>}
   */
  sources(formula) {
    return new Set(this.program.formulas[formula][1].flatMap((entry) => [...this.nearest(entry)]));
  }

  /** @type {(entry: number) => Set<number>} */
  nearest(entry) {
    let found = this.near.get(entry);
    if (!found) {
      const formula = this.formula(entry);
      if (this.figures.has(entry)) {
        found = new Set([entry]);
      } else {
        found = formula === null ? new Set() : this.sources(formula);
      }
      this.near.set(entry, found);
    }
    return found;
  }
}

/** What follows from figures as they are written, without what they may stand for. */
class AsWritten extends Carried {
  /** @type {(entry: number) => Interval | null} */
  found(entry) {
    const figure = this.figures.get(entry);
    const formula = this.formula(entry);
    if (figure) {
      return between(valueOf(figure), valueOf(figure));
    }
    return formula === null || isError(this.program, entry) ? super.found(entry) : this.due(formula);
  }

  /** @type {(stage: number) => Interval | null} */
  error() {
    return point(ZERO);
  }
}

/** What follows if a stage that was not written down has other formulas. */
class Otherwise extends Carried {
  /** @param {Carried} carried @param {Way} way */
  constructor(carried, way) {
    super(carried.program, carried.figures);
    this.way = way;
    this.known = new Map([...carried.known].filter(([entry]) => carried.figures.has(entry)));
  }

  /** @type {(entry: number) => number | null} */
  formula(entry) {
    return otherFormula(this.program, this.way, entry);
  }
}

/** The same, from figures exactly as they are written. */
class OtherwiseAsWritten extends AsWritten {
  /** @param {Carried} carried @param {Way} way */
  constructor(carried, way) {
    super(carried.program, carried.figures);
    this.way = way;
  }

  /** @type {(entry: number) => number | null} */
  formula(entry) {
    return otherFormula(this.program, this.way, entry);
  }
}

/** Tell whether an entry is what rounding adds to a stage. @type {(program: Program, entry: number) => boolean} */
function isError(program, entry) {
  return program.entries[entry][2] === 2;
}

/** @type {(program: Program, way: Way, entry: number) => number | null} */
function otherFormula(program, way, entry) {
  return program.entries[entry][0] === way.tensor ? way.formula(entry) : formulaOf(program, entry);
}
