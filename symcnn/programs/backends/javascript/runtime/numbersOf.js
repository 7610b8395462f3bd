/**
 * Return the numbers of every given tensor in a row, checked.
 * @param {Values} values
 * @returns {Record<string, Float64Array>}
 */
function numbersOf(values) {
  if (typeof values !== "object" || values === null) {
    throw new TypeError(`the values are ${shown(values)}: give an object such as VALUES`);
  }
  for (const name of Object.keys(values)) {
    if (!GIVEN.includes(name)) {
      const known = GIVEN.join(", ");
      throw new TypeError(`the network takes no numbers for ${shown(name)}: choose from ${known}`);
    }
  }
  /** @type {Record<string, Float64Array>} */
  const rows = Object.create(null);
  for (const name of GIVEN) {
    if (!Object.hasOwn(values, name)) {
      throw new TypeError(`numbers for ${shown(name)} are missing: give them in the values`);
    }
    rows[name] = rowOf(values[name], name, SHAPES[name]);
  }
  for (const [name, length] of Object.entries(INDICES)) {
    checkIndices(rows[name], name, length);
  }
  return rows;
}
