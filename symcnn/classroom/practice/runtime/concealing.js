/** The mistakes that figures conceal: they change nothing there, though they would at the right ones. */
class Concealing {
  /** @param {Program} program @param {Way[][]} ways */
  constructor(program, ways) {
    this.program = program;
    this.ways = ways;
    this.right = new Carried(program, new Map());
  }

  /**
   * Return the mistakes that the figures before some entries of a quantity conceal.
   * @param {Carried} carried
   * @param {number[]} entries All entries of the quantity.
   * @returns {number[]}
   */
  mistakes(carried, entries) {
    const ways = this.ways[this.program.entries[entries[0]][0]];
    const found = ways.filter((way) => this.isConcealed(carried, way, entries)).map((way) => way.mistake);
    return [...new Set(found)].filter((mistake) => this.program.mistakes[mistake][2] === 0);
  }

  /** @type {(carried: Carried, way: Way, entries: number[]) => boolean} */
  isConcealed(carried, way, entries) {
    let matters = false;
    for (const entry of entries) {
      const [right, other] = [formulaOf(this.program, entry), way.formula(entry)];
      if (right === null || other === null || (other !== right && !alike(carried, right, other))) {
        return false;
      }
      matters ||= other !== right && !alike(this.right, right, other);
    }
    return matters;
  }
}

/**
 * Tell whether two formulas give the same at some figures.
 * @type {(carried: Carried, one: number, other: number) => boolean}
 */
function alike(carried, one, other) {
  const [first, second] = [carried.due(one), carried.due(other)];
  if (first === null || second === null) {
    return first === second;
  }
  return compare(first.a, second.a) === 0 && compare(first.b, second.b) === 0;
}
