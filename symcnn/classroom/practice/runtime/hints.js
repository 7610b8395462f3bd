const MATHML = "http://www.w3.org/1998/Math/MathML";

/** Hints on one figure after the other: the rule, the formula in the student's numbers, the figure. */
class Hints {
  /** @param {Program & Told} data @param {HTMLElement} place */
  constructor(data, place) {
    this.data = data;
    this.place = place;
  }

  /**
   * Show the first hints on a figure.
   * @param {number} n
   * @param {number} steps
   * @param {Map<number, Written>} figures The student's, by their entries.
   */
  show(n, steps, figures) {
    const carried = new AsWritten(this.data, figures);
    const all = [this.rule(n), this.formula(n, carried), this.figure(n, carried)];
    const told = all.filter((step) => step.childElementCount > 1); // a constant has no formula
    this.place.replaceChildren(...told.slice(0, steps));
    const panel = this.place.closest(".practice");
    if (panel && steps > 0) {
      panel.scrollTop = panel.scrollHeight; // to scroll the step into view would move the page
    }
  }

  /** Return how the figures of the quantity are computed. @type {(n: number) => HTMLElement} */
  rule(n) {
    const quantity = this.data.figures[n][0];
    const first = this.data.figures.findIndex(([name]) => name === quantity);
    return this.step("The rule", `rule-${first}`, () => "");
  }

  /**
   * Return the formula of the figure, with the student's numbers in it.
   * @type {(n: number, carried: Carried) => HTMLElement}
   */
  formula(n, carried) {
    let areOwn = true;
    const made = this.step("", `hint-${n}`, (entry) => {
      const own = carried.figures.get(entry) ?? carried.figures.get(originalOf(this.data, entry));
      const value = carried.value(entry);
      areOwn &&= own !== undefined;
      return own ? own.text : value ? shown(value, this.data.digits) : "?";
    });
    const [name] = made.children;
    name.textContent = areOwn ? "With your numbers" : "In numbers";
    if (!areOwn) {
      name.after(element("p", "", "What you have not filled in yet is computed from what you have."));
    }
    return made;
  }

  /** Return the figure that follows. @type {(n: number, carried: Carried) => HTMLElement} */
  figure(n, carried) {
    const formula = formulaOf(this.data, this.data.figures[n][2]);
    const due = formula === null ? null : carried.due(formula);
    const value = due && isBounded(due) ? this.spelled(n, due) : "no value at your figures";
    const made = element("div", "step");
    made.append(element("p", "name", "The figure"), element("p", "", value));
    return made;
  }

  /**
   * Return a figure as it is written: a number, or the letters of which it is the sum of 2^k.
   * @type {(n: number, due: Interval) => string}
   */
  spelled(n, due) {
    const letters = this.data.letters[n];
    if (letters.length === 0) {
      return inPrint(shown(due, this.data.digits), this.data.comma);
    }
    const { n: won } = fractionOf(due.a);
    return letters.filter((_, k) => ((won >> BigInt(k)) & 1n) === 1n).join(", ");
  }

  /**
   * Return a step from its template.
   * @param {string} name
   * @param {string} template
   * @param {(entry: number) => string} number What stands for an entry.
   * @returns {HTMLElement}
   */
  step(name, template, number) {
    const made = element("div", "step derivation");
    made.append(element("p", "name", name));
    const found = document.getElementById(template);
    if (found instanceof HTMLTemplateElement) {
      made.append(found.content.cloneNode(true));
    }
    for (const gap of made.querySelectorAll("[data-gap]")) {
      const entry = Number(/** @type {HTMLElement} */ (gap).dataset.gap?.slice("entry-".length));
      (gap.closest("mpadded") ?? gap).replaceWith(this.printed(number(entry)));
    }
    return made;
  }

  /** Return a number of MathML, in parentheses if it is negative. @type {(text: string) => Element} */
  printed(text) {
    const made = document.createElementNS(MATHML, "mn");
    const plain = inPrint(text, this.data.comma);
    made.textContent = text.startsWith("-") ? `(${plain})` : plain;
    return made;
  }
}

/**
 * Return the number in the middle of an interval with some significant digits, as people write it.
 * What may be 0 is 0: numbers that cancel leave an interval as narrow as its ends are rounded.
 * @type {(due: Interval, most: number) => string}
 */
function shown(due, most) {
  if (compare(due.a, ZERO) <= 0 && compare(due.b, ZERO) >= 0) {
    return "0";
  }
  const twice = add(due.a, due.b, true);
  const middle = multiply(twice, { c: 5n, e: -1 }, true);
  const unit = digitsOf(middle.c) + middle.e - most;
  const nearest = middle.e >= unit ? middle : multiple(middle, unit, true);
  return inDigits(nearest);
}

/** Return a decimal in digits; one that is far from 1 as 1.5e-7. @type {(x: Decimal) => string} */
function inDigits(x) {
  const sign = x.c < 0n ? "-" : "";
  const long = x.c.toString().replace("-", "");
  const figures = long.replace(/0+$/, "") || "0";
  const first = long.length + x.e; // the places before the point
  if (first > 15 || first < -4) {
    const rest = figures.slice(1);
    return `${sign}${figures[0]}${rest && `.${rest}`}e${first - 1}`;
  }
  if (first <= 0) {
    return `${sign}0.${"0".repeat(-first)}${figures}`;
  }
  const places = figures.slice(first);
  return `${sign}${figures.slice(0, first).padEnd(first, "0")}${places && `.${places}`}`;
}

/** Return a number with the decimal mark and the minus sign of print. @type {(text: string, sign: string) => string} */
function inPrint(text, sign) {
  return text.replace(/[.,]/, sign).replace(/-/g, "\u2212");
}
