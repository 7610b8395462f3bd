const SHIFTS = [2, 3, 4, 6, 9, 12]; // given numbers are moved by up to 10^-n of themselves
const PLACES_NEARBY = 2;

/**
 * Return what follows from the given numbers, and from others nearby at which every comparison goes
 * the same way; from the given ones alone where these are on a border.
 * @param {Program} program
 * @param {number[]} moving The entries that are moved: input and parameters.
 * @returns {Carried[]}
 */
function nearby(program, moving) {
  const right = new Carried(program, new Map());
  const sides = sidesOf(right);
  if (sides === null) {
    return [right];
  }
  for (const shift of SHIFTS) {
    const others = Array.from({ length: PLACES_NEARBY }, (_, n) => moved(program, moving, shift, n));
    const same = others.every((one) => sidesOf(one)?.every((side, at) => side === sides[at]));
    if (same) {
      return [right, ...others];
    }
  }
  return [right];
}

/**
 * Return how the comparisons of a program go; null if one of them is not decided.
 * @type {(carried: Carried) => boolean[] | null}
 */
function sidesOf(carried) {
  const { steps, entries } = carried.program;
  entries.forEach((_, entry) => carried.value(entry));
  const truths = steps.flatMap(([name], at) => (name === "order" ? [truthAt(carried, at)] : []));
  return truths.some((one) => one.holds && one.fails) ? null : truths.map((one) => one.holds);
}

/** @type {(carried: Carried, at: number) => Truth} */
function truthAt(carried, at) {
  try {
    return carried.steps.truth(at);
  } catch (error) {
    if (error instanceof NoValue) {
      return { holds: false, fails: true };
    }
    throw error;
  }
}

/**
 * Return what follows from numbers nearby.
 * @type {(program: Program, moving: number[], shift: number, place: number) => Carried}
 */
function moved(program, moving, shift, place) {
  const entries = [...program.entries];
  moving.forEach((entry, n) => {
    const [tensor, given, copies] = entries[entry];
    if (typeof given !== "number") {
      const drawn = ((n + 1) * (7919 + 6571 * place)) % 1999; // any numbers that differ
      entries[entry] = [tensor, shifted(intervalOf(given).a, BigInt(drawn - 999), shift), copies];
    }
  });
  return new Carried({ ...program, entries }, new Map());
}

/**
 * Return a number that was moved a little, by its ends.
 * @param {Decimal} x
 * @param {bigint} by Thousandths of the shift.
 * @param {number} shift
 * @returns {string[]}
 */
function shifted(x, by, shift) {
  const unit = x.c === 0n ? ONE : x;
  const end = add(x, multiply(unit, { c: by, e: -3 - shift }, true), true);
  const text = `${end.c}E${end.e >= 0 ? "+" : ""}${end.e}`;
  return [text, text];
}
