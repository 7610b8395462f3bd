const EXACT = 1e-9; // sums of shares such as thirds are exact to so much

/** Return the points that can be earned. @type {(data: Told) => number} */
function mostOf(data) {
  return data.points.reduce((before, one) => before + one, 0);
}

/**
 * Return the points that figures earned, rounded to the nearest half point, the higher one of two.
 * @type {(data: Told, marked: Marked[]) => number}
 */
function scoreOf(data, marked) {
  const of = mostOf(data);
  const earned = data.earning.reduce((before, n, at) => before + data.points[at] * (marked[n].share ?? 0), 0);
  return of - earned <= EXACT ? of : Math.min(Math.floor(2 * earned + 0.5 + EXACT) / 2, of);
}

/** Return points as they are written: 17, or 2.33. @type {(points: number) => string} */
function inPoints(points) {
  return String(Math.round(100 * points) / 100);
}
