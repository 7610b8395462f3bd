const NUMBERS = "0.42 or 0,42, -4.2e-1, 3.04\u00B710^-2, 24 %, 2/3, \u00BD; 1,234 is 1.234";
const OPERATIONS = "+ - * / ^ and parentheses; |x|; a factor beside another one needs no sign";
const FUNCTIONS_LISTED =
  "sigma exp log sqrt relu max abs sign erf, sin cos tan, sinh cosh tanh, and asin and so on; e^x";
const BRACKETS = "[z11 >= z21], which is 1 where it holds and 0 elsewhere";

/** Return the list of what can be typed, folded. @type {(data: Formulas) => HTMLElement} */
function whatCanBeTyped(data) {
  const made = element("details", "allowed");
  const list = element("dl", "");
  for (const [name, said] of linesOfTyping(data)) {
    list.append(element("dt", "", name), element("dd", "", said));
  }
  made.append(element("summary", "", "What can be typed"), list);
  return made;
}

/** @type {(data: Formulas) => [string, string][]} */
function linesOfTyping(data) {
  if (data.formulaBoxes.length === 0) {
    return [["Numbers", NUMBERS]];
  }
  return [
    ["Numbers", NUMBERS],
    ["Letters", lettersToType(data)],
    ["Operations", OPERATIONS],
    ["Functions", FUNCTIONS_LISTED],
    ["Conditions", BRACKETS],
  ];
}

/** Return examples of letters of each kind, as the page has them and as keys have them. @type {(data: Formulas) => string} */
function lettersToType({ symbols, signals }) {
  const kinds = [
    symbols.find(([letter, entry]) => !signals.includes(entry) && /^\p{L}\d+$/u.test(keyed(letter))),
    symbols.find(([letter]) => /^\p{L}\(\d\)\d+$/u.test(keyed(letter))),
    symbols.find(([letter, entry]) => signals.includes(entry) && /^d\p{L}\d+$/u.test(keyed(letter))),
  ];
  const examples = kinds.flatMap((one) => (one ? [`${one[0]} as ${spelledAs(one[0])}`] : []));
  return examples.join("; ") || "as you read them";
}

/** Return ways to type a letter. @type {(letter: string) => string} */
function spelledAs(letter) {
  const marked = ordinary(letter).replace(/[{}]/g, "");
  const [, base = "", level = "", below = ""] = /^(\p{L})\^\((\d+)\)_(\d+)$/u.exec(marked) ?? [];
  if (level) {
    return `${marked} or ${base}${level}_${below}`;
  }
  const signal = /^\u03B4(\p{L})_([\d,]+)$/u.exec(marked);
  return signal ? `d${signal[1]}${signal[2]} or dL/d${signal[1]}_${signal[2]}` : `${marked} or ${keyed(letter)}`;
}
