/**
 * Return the number in the middle of an interval with some significant digits, as people write it.
 * @type {(due: Interval, most: number) => string}
 */
function shown(due, most) {
  const twice = add(due.a, due.b, true);
  const middle = multiply(twice, { c: 5n, e: -1 }, true);
  if (middle.c === 0n) {
    return "0";
  }
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
