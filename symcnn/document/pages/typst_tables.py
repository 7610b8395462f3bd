"""Tables in Typst: their rules, and how far what is high or hangs down stays away from these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symcnn.document.blocks import Inline, Table, Text
from symcnn.document.pages import extent
from symcnn.writing.formula.tree import Fraction, Gap, Node, Scripts, nodes

_INSET = 3.0
"""How far the text of a table is from the borders of its cells, above and below, in points."""

_BELOW, _BETWEEN = 2.0, 0.8
"""How much further subscripts are from a rule below them, and from the next row."""


def table(columns: str, head: str, rows: Iterable[str]) -> str:
    """Print a table with rules above, below and under its header."""
    body = "".join(f"  {row},\n" for row in rows)
    return (
        f"#table(columns: {columns},\n  table.hline(stroke: 0.8pt),\n"
        f"  table.header({head}, table.hline(stroke: 0.5pt)),\n"
        f"{body}  table.hline(stroke: 0.8pt),\n)\n"
    )


def ends(rows: int) -> Iterator[str]:
    """Yield the cells of a column without width: one spans the last rows, on one page with them."""
    last = rows - extent.PIECE
    kept = f", table.cell(rowspan: {extent.PIECE}, breakable: false)[]"
    return (kept if row == last else ", []" if row < last else "" for row in range(rows))


def has_gaps(block: Table) -> bool:
    """Tell whether cells have boxes for answers, which other cells stand beside."""
    texts = (cell for row in block.rows for cell in row)
    formulas = (part.formula for text in texts for part in text if isinstance(part, Inline))
    return any(isinstance(node, Gap) for made in formulas for node in nodes(made))


def cell(row: Sequence[Text], *, is_last: bool) -> str:
    """Return what begins the cells of a row: what is high is kept from the next row."""
    every = [node for text in row for node in _nodes(text)]
    inset = max((_inset(node) for node in every), default=_INSET)
    if inset == _INSET and any(isinstance(n, Scripts) and n.sub for n in every):
        below = inset + (_BELOW if is_last else _BETWEEN)
        return f"table.cell(inset: (top: {inset:g}pt, bottom: {below:g}pt))"
    return f"table.cell(inset: (y: {inset:g}pt))" if inset > _INSET else ""


def _nodes(text: Text) -> Iterator[Node]:
    for part in text:
        if isinstance(part, Inline):
            yield from nodes(part.formula)


def _inset(node: Node) -> float:
    """Return how far a cell stands from its border: fractions and scripts are high."""
    if isinstance(node, Fraction):
        return 7.0
    return 4.5 if isinstance(node, Scripts) and node.sub and node.sup else _INSET
