"""What a page shows: its rows, matrices and tables as text, those alone that are visible."""

SHOWN = """() => {
  const words = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("mphantom, .number").forEach((hidden) => hidden.remove());
    const raised = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
    const text = copy.textContent.replace(/[\\s\\u2061-\\u2064\\u00ad\\u200b]/g, "");
    const level = text.replace("\u207b", "\u2212");
    return level.replace(/[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]/g, (one) => raised.indexOf(one));
  };
  const path = (shape) => shape.getAttribute("d") ?? "";
  const place = (shape) => path(shape).replace(/[\\d.]+/g, (n) => Math.round(n));
  const pointed = /\\b(given|chosen|lit|walked|here)\\b/g;
  const drawn = (shape) => (shape.getAttribute("class") ?? "").replace(pointed, "").trim();
  const looks = (shape) =>
    [shape.localName, drawn(shape), place(shape), words(shape)].join(" ");
  const visible = (element) => element.closest("[hidden]") === null;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
  const rows = all("main .left").map((left) => [words(left), words(left.nextElementSibling)]);
  const matrices = all("main .matrices math").map(words);
  const tables = all("main table").map((table) => [...table.rows].filter(visible).map(words));
  const shapes = "text, path:not(.near), rect, circle";
  // no page that lets numbers change has colours of numbers
  const others = "[aria-label^='Diagram of the layers']";
  const pictures = all(`main svg:not(${others})`).map((svg) =>
    [...svg.querySelectorAll(shapes)].filter(visible).map(looks).sort());
  const paragraphs = all("main p").map(words);
  return { rows, matrices, tables, pictures, paragraphs };
}"""
