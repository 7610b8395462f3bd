/**
 * Return a sheet as a file of answers that symcnn mark reads; what is no number is left out.
 * @param {Program} program
 * @param {string[]} texts
 * @returns {string}
 */
function summary(program, texts) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  program.figures.forEach(([quantity], n) => {
    const figure = read(texts[n]);
    const answer = figure !== null && typeof figure !== "string" ? figure.text : "?";
    found.set(quantity, [...(found.get(quantity) ?? []), answer]);
  });
  const given = [...found].filter(([, answers]) => answers.some((answer) => answer !== "?"));
  return `${JSON.stringify(Object.fromEntries(given), null, 1)}\n`;
}

/**
 * Let the browser save a file.
 * @param {string} name
 * @param {string} text
 */
function saveFile(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", "");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 1000);
}
