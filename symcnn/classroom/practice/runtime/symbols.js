const GREEK = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", η: "eta", λ: "lambda",
  μ: "mu", ρ: "rho", σ: "sigma", τ: "tau", φ: "phi", ψ: "psi", ω: "omega",
};
const AMONG = "[_^{}\\s]*"; // what people write between the signs of a letter

/** The letters of entries, as they are typed. */
class Symbols {
  /** @param {[string, number][]} letters What entries are called, each with its number. */
  constructor(letters) {
    /** @type {[RegExp, number][]} */
    this.patterns = letters.map(([letter, entry]) => [new RegExp(patternOf(letter), "uy"), entry]);
  }

  /**
   * Return the entry whose letter begins at a place of a text, and where it ends: the longest one.
   * @type {(text: string, at: number) => [number, number] | null}
   */
  at(text, at) {
    /** @type {[number, number] | null} */
    let best = null;
    for (const [pattern, entry] of this.patterns) {
      pattern.lastIndex = at;
      if (pattern.test(text) && (best === null || pattern.lastIndex > best[1])) {
        best = [entry, pattern.lastIndex];
      }
    }
    return best && /\d/.test(text[best[1]] ?? "") ? null : best;
  }
}

/**
 * Return what matches a letter: \u03B4\u1DBB\u2081\u2081 as dz11, delta^z_11 and \u03B4z11.
 * @type {(letter: string) => string}
 */
function patternOf(letter) {
  const signs = [...ordinary(letter).replace(/[_^{}\s]/g, "")];
  const parts = signs.map((sign, n) => {
    const name = GREEK[/** @type {keyof typeof GREEK} */ (sign)];
    if (name) {
      return `(?:${sign}|${name}${n === 0 && sign === "δ" ? "|d" : ""})`;
    }
    if (sign === "\u0302") {
      return "(?:\u0302|hat)";
    }
    if (/[()]/.test(sign)) {
      return /\d/.test(signs[n + 1] ?? "") || /\d/.test(signs[n - 1] ?? "") ? `\\${sign}` : `\\${sign}?`;
    }
    return sign === "," ? ",?" : sign.replace(/[^\p{L}\d]/u, "\\$&");
  });
  return parts.join(AMONG) + "\\}*";
}

/** Return a text without signs above and below the line, a square as a power. @type {(text: string) => string} */
function ordinary(text) {
  const powers = text.replace(/\u00B2/g, "^2").replace(/\u00B3/g, "^3");
  return powers.normalize("NFKD").normalize("NFKC").replace(/[\u2212\u2013]/g, "-");
}
