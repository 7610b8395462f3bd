const FOLDING = "symcnn-panel"; // what the browser keeps it under, for all pages

/** The panel folded into a bar, until it is wanted: the page is there to be read. */
class Folding {
  /** @param {HTMLElement} folded */
  constructor(folded) {
    this.panel = folded;
    this.toggle = /** @type {HTMLButtonElement} */ (folded.querySelector("[data-do=fold]"));
    this.rest = /** @type {HTMLElement} */ (folded.querySelector(".rest"));
    this.toggle.addEventListener("click", () => {
      this.set(!this.isOpen);
      this.keep();
    });
    this.set(this.kept === "open");
  }

  /** Whether the controls are there. @returns {boolean} */
  get isOpen() {
    return this.panel.classList.contains("open");
  }

  /** @type {(isOpen: boolean) => void} */
  set(isOpen) {
    this.panel.classList.toggle("open", isOpen);
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    this.rest.tabIndex = isOpen ? 0 : -1; // what may scroll can be scrolled with keys
  }

  /** What the browser kept, if it keeps anything. @returns {string | null} */
  get kept() {
    try {
      return localStorage.getItem(FOLDING);
    } catch {
      return null;
    }
  }

  keep() {
    try {
      localStorage.setItem(FOLDING, this.isOpen ? "open" : "folded");
    } catch {
      return;
    }
  }
}
