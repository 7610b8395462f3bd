"""What a page shows: its rows, matrices and tables as text, those alone that are visible."""

SHOWN = """() => {
  const words = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("mphantom, .number").forEach((hidden) => hidden.remove());
    return copy.textContent.replace(/[\\s\\u2061-\\u2064\\u00ad\\u200b]/g, "");
  };
  const visible = (element) => element.closest("[hidden]") === null;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
  const rows = all("main .left").map((left) => [words(left), words(left.nextElementSibling)]);
  const matrices = all("main .matrices math").map(words);
  const tables = all("main table").map((table) => [...table.rows].filter(visible).map(words));
  const pictures = all("main svg").map((svg) =>
    [...svg.querySelectorAll("text, path, rect, circle")].filter(visible)
      .map((shape) => `${shape.localName} ${shape.getAttribute("class")} ${words(shape)}`));
  const paragraphs = all("main p").map(words);
  return { rows, matrices, tables, pictures, paragraphs };
}"""
