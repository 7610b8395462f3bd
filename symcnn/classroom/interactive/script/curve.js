const [CURVE_WIDTH, CURVE_HEIGHT, CURVE_POINTS] = [280, 120, 60];
const HALVINGS = 10; // by which the place of a kink is narrowed down

/**
 * A point of the curve: the loss, its derivative, and how everything is decided there.
 * @typedef {{x: number, loss: number, slope: number, state: string}} Point
 */

/**
 * Draw the loss as a function of one number, its tangent, and the kinks where other formulas hold.
 * @param {Element} place
 * @param {Element} legend what says in words which line is which
 * @param {Data} told
 * @param {Record<string, Real[]>} given all numbers, by tensor
 * @param {{name: string, entry: number}} chosen
 * @param {Evaluation} exact the figures at these numbers, of which rounding decides nothing
 */
function drawCurve(place, legend, told, given, chosen, exact) {
  const at = pointsOf(told, given, chosen);
  const here = given[chosen.name][chosen.entry].x;
  const span = Math.max(1, 2 * Math.abs(here));
  const points = Array.from({ length: CURVE_POINTS + 1 }, (_, n) => at(here + span * ((2 * n) / CURVE_POINTS - 1)));
  const { label, slope } = told.givens.flatMap((tensor) => (tensor.name === chosen.name ? [tensor.entries[chosen.entry]] : []))[0];
  const now = { loss: exact.figures[told.loss].x, slope: slope ? exact.figures[slope.key].x : 0 };
  const finite = points.filter((point) => Number.isFinite(point.loss)).map((point) => point.loss);
  if (finite.length < 2 || !Number.isFinite(now.loss)) {
    place.replaceChildren();
    legend.textContent = "";
    return;
  }
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const [low, high] = least < most ? [least, most] : [least - 1, most + 1];
  /** @type {(x: number) => number} */
  const across = (x) => (CURVE_WIDTH * (x - here + span)) / (2 * span);
  /** @type {(loss: number) => number} */
  const down = (loss) => CURVE_HEIGHT - 8 - ((CURVE_HEIGHT - 16) * (loss - low)) / (high - low);
  /** @type {(x: number, loss: number) => string} */
  const point = (x, loss) => `${across(x).toFixed(1)},${down(loss).toFixed(1)}`;
  const path = points.filter((p) => Number.isFinite(p.loss)).map((p) => point(p.x, p.loss)).join(" ");
  const tangent = [here - span, here + span].map((x) => point(x, now.loss + now.slope * (x - here)));
  const kinks = kinksOf(points, at);
  place.replaceChildren(
    ...kinks.map((x) => drawnShape("path", { d: `M${across(x).toFixed(1)} 0V${CURVE_HEIGHT}`, class: "kink" })),
    drawnShape("polyline", { points: tangent.join(" "), class: "tangent" }),
    drawnShape("polyline", { points: path, class: "loss" }),
    drawnShape("path", { d: `M${point(here, now.loss)}h0`, class: "now" }),
  );
  const [steep, from, to, ...borders] = [now.slope, here - span, here + span, ...kinks].map(shortly);
  const many = borders.length > 0 ? `${borders.length > 1 ? "kinks" : "a kink"} at ${borders.join(", ")}` : "no kinks";
  place.setAttribute("aria-label", `The loss as a function of ${label}; the slope here is ${steep}; ${many}`);
  const dotted = borders.length > 0 ? `; dotted: ${many}` : "";
  legend.textContent = `The loss for ${label} from ${from} to ${to}; dashed: its tangent with slope ${steep}${dotted}.`;
}

/** @type {(x: number) => string} */
function shortly(x) {
  return inOneLine(rounded($.approximate(x), { digits: 3, decimal: ".", exactDigits: 0, fractionParts: 0 }));
}

/**
 * Return what computes a point of the curve: in floats, which is fast.
 * @type {(told: Data, given: Record<string, Real[]>, chosen: {name: string, entry: number}) => (x: number) => Point}
 */
function pointsOf(told, given, chosen) {
  const floats = Object.fromEntries(
    Object.entries(given).map(([name, row]) => [name, row.map((number) => $.approximate(number.x))]),
  );
  const of = told.givens.find((tensor) => tensor.name === chosen.name)?.entries[chosen.entry];
  const slope = of?.slope ? [of.slope.key] : [];
  const keys = new Set([told.loss, ...slope, ...told.decisions.flatMap((decision) => decision.keys)]);
  return (x) => {
    const row = floats[chosen.name].map((number, n) => (n === chosen.entry ? $.approximate(x) : number));
    const figures = evaluateFigures(told.program, { ...floats, [chosen.name]: row }, keys);
    const state = told.decisions.map((decision) => fallen(decision, figures)).join(" ");
    return { x, loss: figures[told.loss].x, slope: slope.map((key) => figures[key].x)[0] ?? 0, state };
  };
}

/**
 * Return where other formulas begin to hold, each once.
 * @type {(points: Point[], at: (x: number) => Point) => number[]}
 */
function kinksOf(points, at) {
  /** @type {number[]} */
  const found = [];
  for (const [n, point] of points.entries()) {
    const before = points[n - 1];
    if (before && before.state !== point.state) {
      const x = border(before, point, at);
      if (found.every((other) => Math.abs(other - x) > (point.x - before.x) / 2)) {
        found.push(x);
      }
    }
  }
  return found;
}

/**
 * Narrow down where something is decided otherwise between two points.
 * @type {(one: Point, other: Point, at: (x: number) => Point) => number}
 */
function border(one, other, at) {
  let [low, high] = [one, other];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = at((low.x + high.x) / 2);
    [low, high] = middle.state === low.state ? [middle, high] : [low, middle];
  }
  return (low.x + high.x) / 2;
}

/** @type {(tag: string, attributes: Record<string, string | number>) => SVGElement} */
function drawnShape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("vector-effect", "non-scaling-stroke");
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, String(value));
  }
  return made;
}
