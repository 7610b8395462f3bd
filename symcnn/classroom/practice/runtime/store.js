/**
 * What is kept: the figures, what was written elsewhere, and how many hints were taken of a figure.
 * @typedef {{figures: string[], others: string[], hints: number[]}} Progress
 */

/** Keeps progress in the browser, if it lets itself be kept there. */
class Store {
  /** @param {string} key */
  constructor(key) {
    this.key = key;
  }

  /** Return what was kept; nothing where there is nothing, or the browser refuses. @returns {Partial<Progress>} */
  load() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key) ?? "{}");
      return typeof found === "object" && found !== null ? found : {};
    } catch {
      return {};
    }
  }

  /** Keep progress; tell whether the browser does. @type {(progress: Progress) => boolean} */
  save(progress) {
    try {
      localStorage.setItem(this.key, JSON.stringify(progress));
      return true;
    } catch {
      return false;
    }
  }
}

/** Return as many texts as there are places, from what was kept. @type {(kept: unknown, count: number) => string[]} */
function textsOf(kept, count) {
  const list = Array.isArray(kept) ? kept : [];
  return Array.from({ length: count }, (_, n) => (typeof list[n] === "string" ? list[n] : ""));
}

/** Return as many counts as there are places, from what was kept. @type {(kept: unknown, count: number) => number[]} */
function countsOf(kept, count) {
  const list = Array.isArray(kept) ? kept : [];
  return Array.from({ length: count }, (_, n) => (Number.isInteger(list[n]) ? list[n] : 0));
}
