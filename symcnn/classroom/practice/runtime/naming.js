const STAGES = 8; // the nearest stages before a quantity in which a mistake is looked for

/** Figures of one quantity, with their entries. @typedef {[number, Written][]} Figures */

/**
 * A way with what it yields: for each wrong figure whether it yields it.
 * @typedef {{way: Way, yields: boolean[]}} Found
 */

/**
 * Tell whether some number that is due rounds to a figure.
 * @type {(due: Interval | null, written: Written) => boolean}
 */
function agrees(due, written) {
  return due !== null && meets(due, standsFor(written));
}

/**
 * Tell whether so few numbers are due that their agreement with a figure says something.
 * @type {(due: Interval | null, written: Written) => boolean}
 */
function tells(due, written) {
  if (due === null || !isBounded(due)) {
    return false;
  }
  const width = minus(fractionOf(due.b), fractionOf(due.a));
  const own = minus(written.greatest, written.least);
  return atMost(width, larger(own, sizeOf(valueOf(written))));
}

/** The mistakes that yield the figures of one sheet. */
class Naming {
  /** @param {Carried} carried @param {Carried} asWritten @param {Way[][]} ways */
  constructor(carried, asWritten, ways) {
    this.carried = carried;
    this.asWritten = asWritten;
    this.program = carried.program;
    this.ways = ways;
    /** @type {Map<Way, Carried>} */
    this.others = new Map();
    /** @type {Map<Way, Carried>} */
    this.othersAsWritten = new Map();
    /** @type {Map<number, number[]> | null} */
    this.depending = null;
  }

  /**
   * Return for each wrong figure of a quantity the mistakes that yield it.
   *
   * Who makes a mistake mostly makes it throughout: if some yield all figures of the quantity, only
   * these are returned, or else those that yield all wrong ones, and of these the ones that are made
   * in single entries, if there are any.
   * @param {Figures} wrong
   * @param {Figures} right The other figures of the quantity.
   * @returns {number[][]}
   */
  mistakes(wrong, right) {
    this.others.clear();
    this.othersAsWritten.clear();
    const ways = this.waysOf(wrong);
    const likely = ways.filter((way) => this.yields(way, wrong[0]));
    const whole = this.found(likely, wrong).filter((one) => one.yields.every(Boolean));
    const throughout = whole.filter((one) => this.yieldsAll(one.way, wrong, right));
    const single = whole.filter((one) => this.program.mistakes[one.way.mistake][3] === 1);
    const some = [throughout, single, whole].find((list) => list.length > 0) ?? [];
    const kept = some.length > 0 ? some : this.found(ways, wrong);
    return wrong.map((_, n) =>
      this.chosen(kept.filter((one) => one.yields[n]).map((one) => one.way.mistake)),
    );
  }

  /**
   * Return each mistake once; what is a last resort only if there is nothing else.
   * @type {(mistakes: number[]) => number[]}
   */
  chosen(mistakes) {
    const found = [...new Set(mistakes)];
    const first = found.filter((mistake) => this.program.mistakes[mistake][2] === 0);
    return first.length > 0 ? first : found;
  }

  /** @type {(ways: Way[], wrong: Figures) => Found[]} */
  found(ways, wrong) {
    return ways
      .map((way) => ({ way, yields: wrong.map((figure) => this.yields(way, figure)) }))
      .filter((one) => one.yields.some(Boolean) && this.says(one, wrong))
      .filter((one) => !this.isRefuted(one.way, wrong[0][0]));
  }

  /**
   * Tell whether a stage that was not written down was right, as other figures show: they follow if
   * it is computed rightly, and would not if the mistake was made throughout.
   * @type {(way: Way, entry: number) => boolean}
   */
  isRefuted(way, entry) {
    const isSingle = this.program.mistakes[way.mistake][3] === 1;
    if (isSingle || this.tensor(entry) === way.tensor) {
      return false;
    }
    const other = this.at(way, entry);
    return this.readFrom(way.tensor).some((one) => {
      const written = this.carried.figures.get(one);
      const formula = formulaOf(this.program, one);
      if (!written || formula === null || !agrees(this.carried.due(formula), written)) {
        return false;
      }
      return !agrees(other.due(formula), written);
    });
  }

  /** Return the entries with figures that depend on a stage that was not written down. @type {(tensor: number) => number[]} */
  readFrom(tensor) {
    if (!this.depending) {
      this.depending = new Map();
      for (const [entry, written] of this.carried.figures) {
        for (const stage of this.stages([[entry, written]]).slice(1)) {
          this.depending.set(stage, [...(this.depending.get(stage) ?? []), entry]);
        }
      }
    }
    return this.depending.get(tensor) ?? [];
  }

  /** Tell whether the agreement with some figure says something. @type {(found: Found, wrong: Figures) => boolean} */
  says(found, wrong) {
    const carried = this.at(found.way, wrong[0][0]);
    return wrong.some(([entry, written], n) => {
      const formula = this.followed(found.way, entry);
      const says = formula !== null && !this.isZero(formula);
      return found.yields[n] && says && tells(carried.due(formula), written);
    });
  }

  /**
   * Tell whether a formula is 0 whatever the figures: that it yields a 0 says nothing.
   * @type {(formula: number) => boolean}
   */
  isZero(formula) {
    const [name, text] = this.program.steps[this.program.formulas[formula][0]];
    return name === "n" && text === "0";
  }

  /**
   * Return the ways to get a quantity wrong, or a stage before it that was not written down.
   * @type {(wrong: Figures) => Way[]}
   */
  waysOf(wrong) {
    const [own, ...before] = this.stages(wrong);
    const computed = before.filter((tensor) => this.program.tensors[tensor][0] === 0);
    return [own, ...computed].flatMap((tensor) => this.ways[tensor]);
  }

  /**
   * Return the quantity itself, and the stages before it that were not written down.
   * @type {(wrong: Figures) => number[]}
   */
  stages(wrong) {
    let level = new Set(wrong.map(([entry]) => entry));
    /** @type {Set<number>} */
    const found = new Set();
    while (level.size > 0 && found.size < STAGES) {
      level.forEach((entry) => found.add(this.tensor(entry)));
      level = new Set([...level].flatMap((entry) => this.unseen(entry)));
    }
    return [...found].slice(0, STAGES);
  }

  /** Return what a formula reads that is computed and was not written down. @type {(entry: number) => number[]} */
  unseen(entry) {
    const formula = formulaOf(this.program, entry);
    const reads = formula === null ? [] : this.program.formulas[formula][1];
    return reads.filter(
      (one) => !this.carried.figures.has(one) && formulaOf(this.program, one) !== null,
    );
  }

  /** @type {(entry: number) => number} */
  tensor(entry) {
    return this.program.entries[entry][0];
  }

  /**
   * Return what follows if a mistake was made; in the quantity itself nothing before it changes.
   * @type {(way: Way, entry: number) => Carried}
   */
  at(way, entry) {
    if (this.tensor(entry) === way.tensor) {
      return this.carried;
    }
    let other = this.others.get(way);
    if (!other) {
      other = new Otherwise(this.carried, way);
      this.others.set(way, other);
    }
    return other;
  }

  /**
   * Return the formula that a figure follows if a mistake was made.
   * @type {(way: Way, entry: number) => number | null}
   */
  followed(way, entry) {
    const own = this.tensor(entry) === way.tensor;
    return own ? way.formula(entry) : formulaOf(this.program, entry);
  }

  /**
   * Tell whether a mistake, which changes something, yields a figure.
   * @type {(way: Way, figure: [number, Written]) => boolean}
   */
  yields(way, [entry, written]) {
    const own = this.tensor(entry) === way.tensor;
    const formula = this.followed(way, entry);
    if (formula === null || (own && formula === formulaOf(this.program, entry))) {
      return false;
    }
    return this.leadsTo(way, entry, formula, written) && (own || this.isMadeBefore(way, entry));
  }

  /**
   * Tell whether what follows agrees with a figure, at the digits that are asked for.
   * @type {(way: Way, entry: number, formula: number, written: Written) => boolean}
   */
  leadsTo(way, entry, formula, written) {
    const { precision } = this.program;
    if (!agrees(this.at(way, entry).due(formula), written)) {
      return false;
    }
    if (written.isLetters || !isShort(precision, written)) {
      return true;
    }
    return agreesAt(precision, this.exactAt(way, entry).due(formula), written);
  }

  /** Return the same from figures exactly as they are written. @type {(way: Way, entry: number) => Carried} */
  exactAt(way, entry) {
    if (this.tensor(entry) === way.tensor) {
      return this.asWritten;
    }
    let other = this.othersAsWritten.get(way);
    if (!other) {
      other = new OtherwiseAsWritten(this.asWritten, way);
      this.othersAsWritten.set(way, other);
    }
    return other;
  }

  /** Tell whether a mistake changes an entry of an earlier stage. @type {(way: Way, entry: number) => boolean} */
  isMadeBefore(way, entry) {
    let level = new Set([entry]);
    for (let n = 0; n < STAGES; n++) {
      level = new Set([...level].flatMap((one) => this.unseen(one)));
      for (const one of level) {
        const other = this.tensor(one) === way.tensor ? way.formula(one) : null;
        if (other !== null && other !== formulaOf(this.program, one)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Tell whether a mistake yields all of these figures, as it need not change each.
   * @type {(way: Way, wrong: Figures, right: Figures) => boolean}
   */
  yieldsAll(way, wrong, right) {
    const carried = this.at(way, wrong[0][0]);
    return right.every(([entry, written]) => {
      const formula = this.followed(way, entry);
      return formula !== null && agrees(carried.due(formula), written);
    });
  }
}
