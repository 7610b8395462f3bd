/**
 * A step of computation: what is done, and the numbers of the steps whose results it takes; or the
 * texts of a number.
 * @typedef {[string, ...any[]]} Step
 */

/**
 * What some kind of number is computed with.
 * @template T
 * @typedef {object} Arithmetic
 * @property {(texts: string[]) => T} number reads a fraction, or two decimals between which a number lies
 * @property {() => T} nothing what stands where there is no value
 * @property {(x: T) => T} negative
 * @property {(x: T, n: number, d: number) => T} power x^(n/d)
 * @property {(x: T, y: T) => number} order the orders that are possible, added up: 1 less, 2 equal, 4 greater
 * @property {(x: T, y: T) => T} hull what may be either of two numbers
 * @property {{[name: string]: (x: T, y: T) => T}} operations of two numbers
 * @property {{[name: string]: (x: T) => T}} functions
 */

/** Whether something can hold, and whether it can fail. @typedef {{holds: boolean, fails: boolean}} Truth */

/**
 * What steps give in some arithmetic, each computed once.
 * @template T
 */
class Steps {
  /** @param {Step[]} steps @param {Arithmetic<T>} arithmetic @param {(entry: number) => T} entry */
  constructor(steps, arithmetic, entry) {
    this.steps = steps;
    this.arithmetic = arithmetic;
    this.entry = entry;
    /** @type {T[]} */
    this.known = [];
  }

  /** Return what a step gives. @type {(at: number) => T} */
  value(at) {
    return (this.known[at] ??= this.taken(this.steps[at]));
  }

  /** @type {(step: Step) => T} */
  taken([name, one, other, last]) {
    const { arithmetic } = this;
    switch (name) {
      case "n":
        return arithmetic.number(other === undefined ? [one] : [one, other]);
      case "s":
        return this.entry(one);
      case "+":
        return this.total(one, other);
      case "-":
        return arithmetic.negative(this.value(one));
      case "^":
        return arithmetic.power(this.value(one), other, last);
      case "if":
        return this.chosen(this.truth(one), other, last);
      case "none":
        return arithmetic.nothing();
    }
    const operation = arithmetic.operations[name];
    return operation ? operation(this.value(one), this.value(other)) : arithmetic.functions[name](this.value(one));
  }

  /** Return a sum, of whose terms there may be many. @type {(before: number, last: number) => T} */
  total(before, last) {
    const terms = [last];
    let at = before;
    while (this.steps[at][0] === "+" && this.known[at] === undefined) {
      terms.push(this.steps[at][2]);
      at = this.steps[at][1];
    }
    const { operations } = this.arithmetic;
    return terms.reduceRight((found, term) => operations["+"](found, this.value(term)), this.value(at));
  }

  /** Return one of two values; either where the condition can hold and fail. @type {(truth: Truth, one: number, other: number) => T} */
  chosen({ holds, fails }, one, other) {
    if (holds && fails) {
      return this.arithmetic.hull(this.value(one), this.value(other));
    }
    return this.value(holds ? one : other);
  }

  /** Return whether a condition can hold, and whether it can fail. @type {(at: number) => Truth} */
  truth(at) {
    const [name, one, other, signs] = this.steps[at];
    if (name === "order") {
      return among(this.arithmetic.order(this.value(one), this.value(other)), signs);
    }
    const [x, y] = [this.truth(one), this.truth(other)];
    return name === "and"
      ? { holds: x.holds && y.holds, fails: x.fails || y.fails }
      : { holds: x.holds || y.holds, fails: x.fails && y.fails };
  }
}

/** Tell whether one of the orders that are possible is among some, and whether another one is. @type {(possible: number, signs: number) => Truth} */
function among(possible, signs) {
  return { holds: (possible & signs) !== 0, fails: (possible & ~signs) !== 0 };
}
