const EXAMPLE = `0.${"421973".repeat(10)}`; // with as many digits as are asked for

/**
 * Return what a box asks for, in a sentence.
 * @type {(data: Program & Formulas & Told, n: number) => string}
 */
function askedFor(data, n) {
  const letters = data.letters[n];
  const formula = data.formulaBoxes[n - data.figures.length];
  if (formula) {
    return formula[1] === 1 ? "Write a closed form, without error signals." : "Write a formula.";
  }
  if (letters.length === 0) {
    const digits = Math.max(data.digits, data.precision.digits);
    return `Write a number, such as ${inPrint(EXAMPLE.slice(0, digits + 2), data.comma)}.`;
  }
  const which = letters[0] === "<" ? "the sign that holds" : "the largest entry, all of them if several are equal";
  return `Write ${which}: ${listed(letters, "or")}.`;
}

/** Return words as a list: a, b or c. @type {(all: string[], joint: string) => string} */
function listed(all, joint) {
  const last = all[all.length - 1];
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} ${joint} ${last}` : last;
}

/** Texts that are read out and not seen, each once, by which boxes are described. */
class Spoken {
  constructor() {
    this.root = element("div", "spoken");
    this.root.hidden = true;
    /** @type {Map<string, string>} */
    this.ids = new Map();
    document.body.append(this.root);
  }

  /** Return the id of a text. @type {(text: string) => string} */
  id(text) {
    let found = this.ids.get(text);
    if (!found) {
      found = `spoken-${this.ids.size}`;
      this.ids.set(text, found);
      const made = element("span", "", text);
      made.id = found;
      this.root.append(made);
    }
    return found;
  }
}
