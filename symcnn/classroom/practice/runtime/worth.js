const MOST_POWER = 40;
const ALLOWED = { "<": 1, "=": 2, ">": 4 }; // less, equal, greater

/**
 * What the numbers and the entries of a formula are.
 * @typedef {{number: (text: string) => Interval, entry: (entry: number) => Interval}} Numbers
 */

/**
 * Return the interval of a formula.
 * @param {Tree} tree
 * @param {Numbers} numbers
 * @returns {Interval}
 * @throws {NoValue}
 */
function worth(tree, numbers) {
  if (tree.name === "n") {
    return numbers.number(tree.text ?? "");
  }
  if (tree.name === "s") {
    return numbers.entry(tree.entry ?? -1);
  }
  if (tree.name === "^") {
    return powerOf(worth(tree.parts[0], numbers), exponentIn(tree.parts[1]));
  }
  const [one, ...others] = tree.parts.map((part) => worth(part, numbers));
  const operation = INTERVALS.operations[tree.name];
  switch (tree.name) {
    case "-":
      return negative(one);
    case "inverse":
      return inverse(one);
    case "sigma":
      return inverse(sum(point(ONE), exp(negative(one))));
    case "[":
      return held([one, ...others], tree.signs ?? []);
    default:
      return operation ? others.reduce(operation, one) : FUNCTIONS[tree.name](one);
  }
}

/** Return twice the exponent of a power, which is an integer or half of one. @type {(tree: Tree) => number} */
function exponentIn(tree) {
  /** @param {string} text */
  const number = (text) => standsAlone(text);
  const entry = () => {
    throw new NoValue("an exponent is a number");
  };
  const found = fractionOf(worth(tree, { number, entry }).a);
  const twice = Number((4n * found.n) / found.d) / 2;
  if (!Number.isInteger(twice) || Math.abs(twice) > MOST_POWER) {
    throw new NoValue("an exponent is an integer, or half of one");
  }
  return twice;
}

/** @type {(base: Interval, twice: number) => Interval} */
function powerOf(base, twice) {
  return twice % 2 === 0 ? power(base, twice / 2) : power(FUNCTIONS.root(base), twice);
}

/**
 * Return 1 where all comparisons hold, 0 where one fails, and both where that is not known.
 * @type {(parts: Interval[], signs: string[]) => Interval}
 */
function held(parts, signs) {
  let [least, most] = [1n, 1n];
  signs.forEach((sign, n) => {
    if (sign === "," || sign === ";") {
      return;
    }
    const { holds, fails } = among(orderOf(parts[n], parts[n + 1]), signsOf(sign));
    least = fails ? 0n : least;
    most = holds ? most : 0n;
  });
  return { a: { c: least < most ? least : most, e: 0 }, b: { c: most, e: 0 } };
}

/** @type {(sign: string) => number} */
function signsOf(sign) {
  const plain = sign.replace("\u2265", ">=").replace("\u2264", "<=");
  return [...plain].reduce((total, one) => total + ALLOWED[/** @type {"<" | "=" | ">"} */ (one)], 0);
}

/** Return a number that stands for itself. @type {(text: string) => Interval} */
function standsAlone(text) {
  const written = read(text);
  if (written === null || typeof written === "string") {
    throw new NoValue("this is no number");
  }
  return between(valueOf(written), valueOf(written));
}
