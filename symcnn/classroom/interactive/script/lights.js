/**
 * An edge of a picture, with the figures of the entries that it joins, and of its weight.
 * @typedef {{element: Element, to: number, from: number, weight: number}} Edge
 */

/** Lets everything that is the same thing light up together: terms, cells, labels, discs, edges. */
class Lights {
  /** @param {Element} page */
  constructor(page) {
    /** @type {Map<number, Element[]>} */
    this.same = new Map();
    for (const place of page.querySelectorAll("[data-figure]")) {
      this.same.set(keyOf(place), [...(this.same.get(keyOf(place)) ?? []), place]);
    }
    /** @type {Edge[]} */
    this.edges = [...page.querySelectorAll("[data-to]")].map(edgeOf);
    /** @type {Map<string, Set<Element>>} */
    this.lit = new Map();
    /** @type {Map<Element, Edge>} */
    this.near = new Map(this.edges.map((edge) => [broadened(edge.element), edge]));
    page.addEventListener("pointerover", (event) => this.point(event.target));
    page.addEventListener("pointerleave", () => this.point(null));
  }

  /** @type {(target: EventTarget | null) => void} */
  point(target) {
    const place = target instanceof Element ? target.closest("[data-figure], .near") : null;
    const edge = place && this.near.get(place);
    if (edge) {
      const beside = this.edges.filter((one) => joins(one, edge));
      this.light("lit", [edge.to, edge.from, edge.weight], beside);
    } else if (place) {
      const key = keyOf(place);
      this.light("lit", [key], this.edges.filter((one) => one.weight === key || one.to === key));
    } else {
      this.light("lit", [], []);
    }
  }

  /**
   * Give a class to everything that stands for some figures, to some edges, and to nothing else.
   * @type {(name: string, keys: Iterable<number>, edges: Iterable<Edge>) => void}
   */
  light(name, keys, edges) {
    const found = [...keys].flatMap((key) => this.same.get(key) ?? []);
    const all = new Set([...found, ...[...edges].map((edge) => edge.element)]);
    for (const place of this.lit.get(name) ?? []) {
      place.classList.remove(name);
    }
    for (const place of all) {
      place.classList.add(name);
    }
    this.lit.set(name, all);
  }
}

/** Tell whether two lines are parts of one edge. @type {(one: Edge, other: Edge) => boolean} */
function joins(one, other) {
  return one.to === other.to && one.from === other.from && one.weight === other.weight;
}

/** Return an edge; what it has not is -1. @type {(element: Element) => Edge} */
function edgeOf(element) {
  const [to, from, weight] = ["to", "from", "weight"].map((end) => Number(element.getAttribute(`data-${end}`) ?? -1));
  return { element, to, from, weight };
}

/** Put a broad line that is not seen around an edge, to be pointed at. @type {(element: Element) => SVGPathElement} */
function broadened(element) {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", "near");
  made.setAttribute("d", element.getAttribute("d") ?? "");
  element.after(made);
  return made;
}
