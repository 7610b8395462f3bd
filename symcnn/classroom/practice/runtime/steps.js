/**
 * Whether something can hold, and whether it can fail.
 * @typedef {{holds: boolean, fails: boolean}} Truth
 */

/** What steps give, each computed once. */
class Steps {
  /**
   * @param {Step[]} steps
   * @param {(entry: number) => Interval} entry
   */
  constructor(steps, entry) {
    this.steps = steps;
    this.entry = entry;
    /** @type {Map<number, Interval>} */
    this.known = new Map();
  }

  /**
   * Return the interval that a step gives.
   * @param {number} at
   * @returns {Interval}
   * @throws {NoValue} If it has no value, as the logarithm of a negative number.
   */
  interval(at) {
    const known = this.known.get(at);
    if (known) {
      return known;
    }
    const [name, ...taken] = this.steps[at];
    const found = this.taken(name, taken);
    this.known.set(at, found);
    return found;
  }

  /**
   * @param {string} name
   * @param {(number | string)[]} taken
   * @returns {Interval}
   */
  taken(name, taken) {
    const [one, other] = taken.map(Number);
    switch (name) {
      case "n":
        return intervalOf(taken.map(String));
      case "s":
        return this.entry(one);
      case "+":
        return this.total(one, other);
      case "*":
        return product(this.interval(one), this.interval(other));
      case "-":
        return negative(this.interval(one));
      case "^":
        return power(this.interval(one), other);
      case "max":
        return this.largest(one, other);
      case "if":
        return this.chosen(taken.map(Number));
      case "none":
        throw new NoValue("there is no value");
      default:
        return FUNCTIONS[name](this.interval(one));
    }
  }

  /**
   * Return a sum, of whose terms there may be many.
   * @param {number} before
   * @param {number} last
   * @returns {Interval}
   */
  total(before, last) {
    const terms = [last];
    let at = before;
    while (this.steps[at][0] === "+" && !this.known.has(at)) {
      terms.push(Number(this.steps[at][2]));
      at = Number(this.steps[at][1]);
    }
    return terms.reduceRight((found, term) => sum(found, this.interval(term)), this.interval(at));
  }

  /**
   * Return the largest numbers of two intervals.
   * @param {number} one
   * @param {number} other
   * @returns {Interval}
   */
  largest(one, other) {
    const [x, y] = [this.interval(one), this.interval(other)];
    return { a: upper(x.a, y.a), b: upper(x.b, y.b) };
  }

  /**
   * Return one of two values; both where the condition can hold and fail.
   * @param {number[]} taken
   * @returns {Interval}
   */
  chosen([condition, one, other]) {
    const { holds, fails } = this.truth(condition);
    if (!fails) {
      return this.interval(one);
    }
    return holds ? hull(this.interval(one), this.interval(other)) : this.interval(other);
  }

  /**
   * Return whether a condition can hold, and whether it can fail.
   * @param {number} at
   * @returns {Truth}
   */
  truth(at) {
    const [name, ...taken] = this.steps[at];
    const [one, other, signs] = taken.map(Number);
    if (name === "order") {
      return orderOf(this.interval(one), this.interval(other), signs);
    }
    const [x, y] = [this.truth(one), this.truth(other)];
    return name === "and"
      ? { holds: x.holds && y.holds, fails: x.fails || y.fails }
      : { holds: x.holds || y.holds, fails: x.fails && y.fails };
  }
}

/**
 * Tell whether the order of two numbers can be among some: 1 less, 2 equal, 4 greater.
 * @param {Interval} x
 * @param {Interval} y
 * @param {number} signs
 * @returns {Truth}
 */
function orderOf(x, y, signs) {
  const less = compare(x.a, y.b) < 0 ? 1 : 0;
  const equal = meets(x, y) ? 2 : 0;
  const greater = compare(x.b, y.a) > 0 ? 4 : 0;
  const possible = less + equal + greater;
  return { holds: (possible & signs) !== 0, fails: (possible & ~signs) !== 0 };
}
