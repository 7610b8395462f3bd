/**
 * Return the decimal mark of a figure and the digits behind it; null for a fraction.
 * @type {(made: Numeral, mark: string) => string | null}
 */
function behindTheMark(made, mark) {
  if (made.below) {
    return null;
  }
  const at = made.digits.indexOf(mark);
  const behind = at < 0 ? "" : made.digits.slice(at);
  return made.exponent ? behind + "0".repeat(`\u00d7 10${made.exponent}`.length) : behind;
}

/**
 * Align the figures of a column at the decimal mark by digits that are not seen.
 * @type {(cells: Element[], figures: Numeral[], mark: string) => void}
 */
function align(cells, figures, mark) {
  const behind = figures.map((made) => behindTheMark(made, mark));
  const longest = behind.reduce((long, part) => ((part?.length ?? 0) > (long?.length ?? 0) ? part : long), "");
  cells.forEach((cell, n) => {
    cell.querySelector(":scope > mphantom")?.remove();
    const unseen = behind[n] === null ? "" : (longest ?? "").slice((behind[n] ?? "").length);
    if (unseen) {
      cell.append(math("mphantom", [math("mn", [unseen])]));
    }
  });
}

/**
 * Return the columns of figures of all matrices, with the keys of their figures.
 * @type {(page: Element) => {cells: Element[], keys: number[]}[]}
 */
function columnsIn(page) {
  const columns = [...page.querySelectorAll(".matrices mtable")].flatMap((table) => {
    const rows = [...table.children].map((row) => [...row.children]);
    return (rows[0] ?? []).map((_, n) => rows.map((row) => row[n]));
  });
  return columns.flatMap((cells) => {
    const figures = cells.flatMap((cell) => [...cell.querySelectorAll("[data-figure]")].filter(isFigure));
    return figures.length === cells.length ? [{ cells, keys: figures.map(keyOf) }] : [];
  });
}
