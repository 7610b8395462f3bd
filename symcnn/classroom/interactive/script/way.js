/**
 * A step on the way back: what is said, the figures that light up, the edges, and whether any
 * derivative passes there.
 * @typedef {{words: string, keys: number[], edges: Edge[], isOpen: boolean}} Stop
 */

const PAUSE = 1800; // milliseconds for a step
const FEW = 3; // error signals that are named in one step

/** The way back from the loss to a given number: stage by stage, then position by position. */
class Way {
  /** @param {Data} told @param {Lights} lights @param {() => Evaluation} now */
  constructor(told, lights, now) {
    this.stages = told.stages;
    this.lights = lights;
    this.now = now;
    this.at = -1;
    /** @type {GivenEntry | null} */
    this.entry = null;
    /** @type {Map<number, string>} */
    this.labels = new Map(told.stages.flat().map((one) => [one.key, one.label]));
  }

  /**
   * Choose the given number to which the way leads; tell whether a walk to another one ends.
   * @param {GivenEntry} entry
   */
  choose(entry) {
    const ends = entry !== this.entry && this.at >= 0;
    if (entry !== this.entry) {
      this.entry = entry;
      this.leave();
    }
    return ends;
  }

  leave() {
    this.at = -1;
    this.show([]);
  }

  /** Show the same step at other numbers, and return what is to be said. */
  follow() {
    return this.at >= 0 ? this.go(0) : "";
  }

  /** Go on towards the number, or back towards the loss; return what is to be said. @type {(by: number) => string} */
  go(by) {
    const steps = this.steps();
    if (steps.length === 0) {
      return "The loss has no derivative with respect to this number.";
    }
    this.at = Math.min(Math.max(this.at + by, 0), steps.length - 1);
    this.show(steps);
    return `${this.at + 1} of ${steps.length}: ${steps[this.at].words}`;
  }

  get isAtEnd() {
    return this.at === this.steps().length - 1;
  }

  /** @type {(steps: Stop[]) => void} */
  show(steps) {
    const walked = steps.slice(0, Math.max(this.at, 0)).filter((step) => step.isOpen);
    const here = steps[this.at];
    this.lights.light("walked", walked.flatMap((step) => step.keys), walked.flatMap((step) => step.edges));
    this.lights.light("here", here?.keys ?? [], here?.edges ?? []);
  }

  /** @returns {Stop[]} */
  steps() {
    const { entry } = this;
    if (!entry?.slope) {
      return [];
    }
    const reached = this.reached(entry.key);
    const stages = this.stages.map((stage) => stage.filter((one) => one.signal && reached.has(one.key)));
    const back = stages.filter((stage) => stage.length > 0).reverse();
    const { terms } = entry.slope;
    return [
      ...back.map((stage) => this.stage(stage, reached)),
      ...terms.map((term) => this.position(entry, term)),
      this.end(entry, entry.slope),
    ];
  }

  /** Return everything that depends on an entry. @type {(key: number) => Set<number>} */
  reached(key) {
    const found = new Set([key]);
    for (const one of this.stages.flat()) {
      if (one.reads.some((read) => found.has(read))) {
        found.add(one.key);
      }
    }
    return found;
  }

  /** @type {(stage: Computed[], reached: Set<number>) => Stop} */
  stage(stage, reached) {
    const signals = stage.flatMap((one) => (one.signal ? [{ key: one.key, signal: one.signal }] : []));
    const open = signals.filter(({ signal }) => !this.now().isZero(signal.key));
    const shut = signals.filter((one) => !open.includes(one));
    const named = [...open, ...shut].slice(0, FEW).map(({ signal }) => this.said(signal.equation, signal.key));
    const more = signals.length > FEW ? [`and ${signals.length - FEW} more`] : [];
    const from = new Set(open.map((one) => one.key));
    return {
      words: [...named, ...more].join("; "),
      keys: open.flatMap((one) => [one.key, one.signal.key]),
      edges: this.lights.edges.filter((edge) => from.has(edge.from) && reached.has(edge.to)),
      isOpen: open.length > 0,
    };
  }

  /** @type {(entry: GivenEntry, term: Term) => Stop} */
  position(entry, term) {
    const at = new Set(term.to);
    return {
      words: `at ${this.names(term.to)}: ${this.said(term.words, term.key)}`,
      keys: [entry.key, ...term.reads, ...term.to],
      edges: this.uses(entry).filter((edge) => at.has(edge.to)),
      isOpen: !this.now().isZero(term.key),
    };
  }

  /** @type {(entry: GivenEntry, slope: Signal) => Stop} */
  end(entry, slope) {
    const words = this.said(slope.terms.length > 0 ? `the sum is ${slope.words}` : slope.equation, slope.key);
    const open = new Set(slope.terms.filter((term) => !this.now().isZero(term.key)).flatMap((term) => term.to));
    const edges = this.uses(entry).filter((edge) => slope.terms.length === 0 || open.has(edge.to));
    return { words, keys: [entry.key, slope.key], edges, isOpen: true };
  }

  /** Return the edges over which an entry acts. @type {(entry: GivenEntry) => Edge[]} */
  uses(entry) {
    return this.lights.edges.filter((edge) => edge.weight === entry.key || edge.from === entry.key);
  }

  /** @type {(keys: number[]) => string} */
  names(keys) {
    return keys.map((key) => this.labels.get(key)).join(" and ");
  }

  /** @type {(words: string, key: number) => string} */
  said(words, key) {
    const value = this.now().inWords(key);
    return words.endsWith(` ${value}`) ? words : `${words} ${value}`;
  }
}
