/** A way to get a tensor wrong. */
class Way {
  /**
   * @param {Program} program
   * @param {number} tensor
   * @param {number} mistake
   * @param {number[]} pairs Entries, each with its other formula, or -1.
   */
  constructor(program, tensor, mistake, pairs) {
    this.program = program;
    this.tensor = tensor;
    this.mistake = mistake;
    /** @type {Map<number, number | null>} */
    this.other = new Map();
    for (let n = 0; n < pairs.length; n += 2) {
      this.other.set(pairs[n], pairs[n + 1] < 0 ? null : pairs[n + 1]);
    }
  }

  /**
   * Return the formula that the mistake follows; null where it makes no sense.
   * @type {(entry: number) => number | null}
   */
  formula(entry) {
    const other = this.other.get(entry);
    return other === undefined ? formulaOf(this.program, entry) : other;
  }
}

/** Return the ways to get each tensor wrong. @type {(program: Program) => Way[][]} */
function waysOf(program) {
  return program.tensors.map(([, ways], tensor) =>
    ways.map(([mistake, pairs]) => new Way(program, tensor, mistake, pairs)),
  );
}
