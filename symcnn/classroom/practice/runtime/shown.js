const BINDS = { sum: 1, product: 2, power: 3, one: 4 }; // how closely the parts of a formula hold together
const SIGNS_OF_RELATIONS = { ">=": "\u2265", "=>": "\u2265", "<=": "\u2264", "=<": "\u2264" };
const NAMED = { sigma: "\u03C3", root: "\u221A", sign: "sgn" };

/**
 * Return a formula that was typed as it was read: in the letters of the page, with every sign.
 * @type {(tree: Tree, letters: Map<number, string>) => string}
 */
function shownTree(tree, letters) {
  return new Shown(letters).part(tree, 0);
}

/** Writes formulas that were typed. */
class Shown {
  /** @param {Map<number, string>} letters The letters of entries, by their numbers. */
  constructor(letters) {
    this.letters = letters;
  }

  /**
   * Return a part, in parentheses where what stands around it holds more closely.
   * @type {(tree: Tree, outside: number) => string}
   */
  part(tree, outside) {
    const [text, binds] = this.written(tree);
    return binds < outside ? `(${text})` : text;
  }

  /** Return a part, and how closely it holds together. @type {(tree: Tree) => [string, number]} */
  written(tree) {
    const { name, parts } = tree;
    switch (name) {
      case "n":
        return [tree.text ?? "", BINDS.one];
      case "s":
        return [this.letters.get(tree.entry ?? -1) ?? "", BINDS.one];
      case "+":
        return [this.sum(parts), BINDS.sum];
      case "-":
        return [`\u2212${this.part(parts[0], BINDS.product)}`, BINDS.sum];
      case "*": {
        const text = this.product(parts);
        return [text, text.startsWith("\u2212") ? BINDS.sum : BINDS.product];
      }
      case "inverse":
        return [`1 / ${this.part(parts[0], BINDS.power)}`, BINDS.product];
      case "^":
        return [`${this.part(parts[0], BINDS.one)}^${this.part(parts[1], BINDS.one)}`, BINDS.power];
      case "abs":
        return [`|${this.part(parts[0], 0)}|`, BINDS.one];
      case "[":
        return [`[${this.relations(tree)}]`, BINDS.one];
      default:
        return [this.call(name, parts), BINDS.one];
    }
  }

  /** @type {(parts: Tree[]) => string} */
  sum([one, other]) {
    const first = this.part(one, BINDS.sum);
    if (other.name === "-") {
      return `${first} \u2212 ${this.part(other.parts[0], BINDS.product)}`;
    }
    return `${first} + ${this.part(other, BINDS.sum)}`;
  }

  /** Return a product; what is negative in front makes all of it negative. @type {(parts: Tree[]) => string} */
  product([one, other]) {
    const inFront = one.name === "-" || one.name === "*";
    const first = inFront ? this.written(one)[0] : this.part(one, BINDS.product);
    if (other.name === "inverse") {
      return `${first} / ${this.part(other.parts[0], BINDS.power)}`;
    }
    return `${first} \u00B7 ${this.part(other, BINDS.product)}`;
  }

  /** @type {(tree: Tree) => string} */
  relations({ parts, signs = [] }) {
    return parts.reduce((made, part, n) => {
      const sign = signs[n - 1];
      const printed = SIGNS_OF_RELATIONS[/** @type {keyof typeof SIGNS_OF_RELATIONS} */ (sign)] ?? sign;
      const joint = sign === "," || sign === ";" ? `${sign} ` : ` ${printed} `;
      return `${made}${n > 0 ? joint : ""}${this.part(part, 0)}`;
    }, "");
  }

  /** @type {(name: string, parts: Tree[]) => string} */
  call(name, parts) {
    const called = NAMED[/** @type {keyof typeof NAMED} */ (name)] ?? name;
    return `${called}(${parts.map((part) => this.part(part, 0)).join(", ")})`;
  }
}
