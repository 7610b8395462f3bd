/**
 * Let everything that is the same thing light up together: a term, a cell, a label, a number.
 * @param {Element} page
 */
function lightUp(page) {
  /** @type {Map<string, Element[]>} */
  const same = new Map();
  for (const place of page.querySelectorAll("[data-figure]")) {
    const key = place.getAttribute("data-figure") ?? "";
    same.set(key, [...(same.get(key) ?? []), place]);
  }
  /** @type {Element[]} */
  let lit = [];
  /** @param {Event} event */
  const show = (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-figure]") : null;
    for (const place of lit) {
      place.classList.remove("lit");
    }
    lit = target ? (same.get(target.getAttribute("data-figure") ?? "") ?? []) : [];
    for (const place of lit) {
      place.classList.add("lit");
    }
  };
  for (const kind of ["pointerover", "focusin"]) {
    page.addEventListener(kind, show);
  }
  page.addEventListener("pointerleave", show);
}
