"""How the pages of a Typst document are filled, as those of LaTeX are: see `latex_pages`."""

from __future__ import annotations

PREAMBLE = """#let filling = int(sys.inputs.at("filling", default: "0"))
#let if-small(small, usual) = if calc.odd(filling) { small } else { usual }
#let margin = if-small(1.2cm, 1.4cm)
#set page(paper: "a4", margin: (x: 2cm, y: margin), numbering: "1")
#set text(font: "New Computer Modern", size: 10pt, lang: "en")
#set par(justify: true, leading: if-small(0.455em, 0.53em), spacing: if-small(0.66em, 0.85em))
#set heading(numbering: (..n) => numbering("1.1", ..n) + h(0.5em))
#show heading: set block(above: if-small(0.85em, 1.25em), below: if-small(0.52em, 0.65em))
#show heading: set text(0.92em)
#let above-sections = if-small(1.1em, 1.6em)
#let around-displays = if-small(0.42em, 0.65em)
#let (around-matrices, between-matrices) = if-small((0.65em, 0.85em), (0.9em, 1.2em))
#let (around-notes, below-title) = if-small((0.65em, 0.2em), (0.9em, 0.6em))
#show math.equation.where(block: true): set block(breakable: true, spacing: around-displays)
#show math.equation.where(block: true): set par(leading: if-small(0.46em, 0.55em))
#let title-of(words) = context {
  let large = text(1.7em, words)
  let size = if measure(large).width > page.width - 4cm { 1.5em } else { 1.7em }
  align(center, par(justify: false, text(size, words)))
}
#show figure.caption: it => align(left, text(0.9em, it.body))
#show figure: set block(breakable: false, spacing: if-small(0.8em, 1.1em))
#set table(stroke: none, inset: (x: 6pt, y: if-small(2.3pt, 3pt)))
#show table: set par(justify: false)
#show table.cell: set text(hyphenate: false)
"""
"""How far things are apart: less where the last page would be nearly empty without that."""


FIGURES = """#let reserved(height) = {
  block(height: height, spacing: 0pt, breakable: false)
  v(-height)
}
#let below(..figures) = {
  block(height: 0pt, spacing: 0pt)[#metadata(none) <above-figures>]
  context {
    let start = query(selector(<above-figures>).before(here())).last().location()
    let (page-number, above) = (start.page(), start.position().y)
    let height(it, size: 1) = {
      measure(it(none, size), width: page.width - 4cm).height + 1.1em.to-absolute()
    }
    let is-above(it) = it.page() == page-number and it.position().y < above
    let rest = page.height - margin - above
    for (label, it) in figures.pos() {
      if query(label).map(it => it.location()).any(is-above) { rest += height(it) }
    }
    for (_, it) in figures.pos() {
      let drawn = (height(it) - height(it, size: 0.66)) / 0.34
      let had = rest
      rest -= height(it)
      let size = if had > 0pt and rest < 0pt { 1 + (rest - 2pt) / drawn } else { 1 }
      if 0.66 <= size and size < 1 { rest = 0pt } else { size = 1 }
      it(if rest < 0pt { top } else { none }, size)
    }
  }
}
"""
"""Figures below the sentence that refers to them, drawn up to a third smaller where that makes them
fit; without room there, on top of the next page.

What Typst has set on top of the same page instead has as much room below the sentence.
"""

LAST_PAGE = """#metadata(none) <last-page>
#if filling > 1 { pagebreak(weak: true) }
"""
"""Where the last page begins if it would be nearly empty in any case."""

END = """#context {
  let filled = (here().position().y - margin) / (page.height - 2 * margin)
  [#metadata((here().page(), filled, query(<last-page>).len())) <filled>]
}
"""
"""Tells the number of pages, what part of the last one is filled, and if that may begin earlier."""
