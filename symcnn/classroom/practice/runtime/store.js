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

/**
 * Return a sheet as a file of answers that symcnn mark reads; what is no number is there as it was typed.
 * @type {(data: Program & Told, texts: string[], student: string) => string}
 */
function summary(data, texts, student) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  data.figures.slice(0, data.known).forEach(([quantity], n) => {
    const figure = read(texts[n]);
    const answer = typeof figure === "string" ? texts[n].trim().slice(0, MOST_LOOKED_AT) : (figure?.text ?? "?");
    found.set(quantity, [...(found.get(quantity) ?? []), answer]);
  });
  const every = [...found, ...data.routings.map((routing) => routed(routing, data, texts))];
  const given = every.filter(([, answers]) => answers.some((answer) => answer !== "?"));
  const made = { ...about(data, student), ...Object.fromEntries(given) };
  return `${JSON.stringify(made, null, 1)}\n`;
}

/** Return which sheet is answered, and by whom. @type {(data: Told, student: string) => object} */
function about({ title, variant }, student) {
  const name = student.trim();
  return { title, ...(name && { student: name }), ...(variant !== null && { variant }) };
}

/**
 * Return a routing as the winners tell it: 1 for an entry that wins, a share of it where several do,
 * and 0 for the others.
 * @type {(routing: [string, number, [number, number[]][]], data: Told, texts: string[]) => [string, string[]]}
 */
function routed([name, length, windows], data, texts) {
  /** @type {string[]} */
  const answers = Array(length).fill("?");
  for (const [n, places] of windows) {
    const written = readLetters(texts[n], data.letters[n]);
    if (written !== null && typeof written !== "string") {
      const won = places.map((_, k) => (written.least.n >> BigInt(k)) & 1n);
      const count = won.filter((one) => one === 1n).length;
      places.forEach((place, k) => {
        answers[place] = won[k] === 0n ? "0" : count === 1 ? "1" : `1/${count}`;
      });
    }
  }
  return [name, answers];
}

/** Let the browser save a file. @type {(name: string, text: string) => void} */
function saveFile(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", "");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}
