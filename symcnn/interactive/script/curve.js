const SVG = "http://www.w3.org/2000/svg";
const [CURVE_WIDTH, CURVE_HEIGHT, CURVE_POINTS] = [280, 120, 60];

/**
 * Draw the loss as a function of one number, its tangent, and the kinks where winners change.
 * @param {Element} place
 * @param {Record<string, Float64Array>} values all numbers, by tensor
 * @param {{name: string, entry: number}} chosen
 */
function drawCurve(place, values, chosen) {
  const here = values[chosen.name][chosen.entry];
  const span = Math.max(1, 2 * Math.abs(here));
  const at = Array.from({ length: CURVE_POINTS + 1 }, (_, n) => here + span * ((2 * n) / CURVE_POINTS - 1));
  const points = at.map((x) => lossAt(values, chosen, x));
  const now = lossAt(values, chosen, here);
  const finite = points.filter((point) => Number.isFinite(point.loss));
  if (finite.length < 2 || !Number.isFinite(now.loss)) {
    place.replaceChildren();
    return;
  }
  const low = Math.min(...finite.map((point) => point.loss));
  const high = Math.max(...finite.map((point) => point.loss));
  /** @type {(x: number) => number} */
  const across = (x) => (CURVE_WIDTH * (x - here + span)) / (2 * span);
  /** @type {(loss: number) => number} */
  const down = (loss) => CURVE_HEIGHT - 8 - ((CURVE_HEIGHT - 16) * (loss - low)) / (high - low || 1);
  const path = points.map((p, n) => `${across(at[n]).toFixed(1)},${down(p.loss).toFixed(1)}`).join(" ");
  const tangent = [here - span, here + span].map((x) => [across(x), down(now.loss + now.slope * (x - here))]);
  const kinks = points.flatMap((p, n) => (n && p.winners !== points[n - 1].winners ? [at[n]] : []));
  const [[x1, y1], [x2, y2]] = tangent.map((point) => point.map((length) => length.toFixed(1)));
  place.replaceChildren(
    ...kinks.map((x) => drawnShape("line", { x1: across(x), x2: across(x), y1: 0, y2: CURVE_HEIGHT, class: "kink" })),
    drawnShape("line", { x1, y1, x2, y2, class: "tangent" }),
    drawnShape("polyline", { points: path, class: "loss" }),
    drawnShape("circle", { cx: across(here), cy: down(now.loss), r: 4, class: "now" }),
  );
  const slope = inOneLine(rounded($.approximate(now.slope), { digits: 3, decimal: ".", exactDigits: 0, fractionParts: 0 }));
  const many = kinks.length === 1 ? "1 kink" : `${kinks.length} kinks`;
  place.setAttribute("aria-label", `The loss as this number changes; the slope here is ${slope}; ${many}`);
}

/**
 * Return the loss, the derivative and the winners with one number changed.
 * @param {Record<string, Float64Array>} values
 * @param {{name: string, entry: number}} chosen
 * @param {number} x
 */
function lossAt(values, chosen, x) {
  const row = Float64Array.from(values[chosen.name]);
  row[chosen.entry] = x;
  const made = network.stages({ ...values, [chosen.name]: row });
  const slopes = made.derivatives[chosen.name];
  const winners = Object.values(made.winners).map((places) => places.join()).join(";");
  return { loss: made.values.loss[0], slope: slopes ? slopes[chosen.entry] : 0, winners };
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function drawnShape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, String(value));
  }
  return made;
}
