"""What the source of the problem printed, beside what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr

from symcnn.document.blocks import ROUNDED, Block, Inline, Table, Text, heading, paragraph
from symcnn.document.material import Figures, Material


def reconciliation(material: Material) -> Iterator[Block]:
    """State every fault of the source beside the right values."""
    correction = material.correction
    if correction is None:
        return
    yield heading(1, correction.title)
    yield paragraph("Everything that the source printed, beside what is right:")
    yield _table(material, correction.figures)
    for number, (text, figures) in enumerate(correction.faults, start=1):
        yield paragraph(f"{number}. ", *_with_formulas(text))
        yield _table(material, [figures])


def _with_formulas(text: str) -> Text:
    """Read the formulas that stand between dollar signs."""
    parts = enumerate(text.split("$"))
    return tuple(Inline(part) if number % 2 else part for number, part in parts)


def _table(material: Material, figures: Sequence[Figures]) -> Table:
    rows = [
        ((origin,), (quantity[0],), _values(material, quantity[1]))
        for pair in figures
        for origin, quantity in zip(("In the source", "Right"), pair, strict=True)
        if quantity is not None
    ]
    return Table((("",), ("Quantity",), ("Values",)), tuple(rows), "llX")


def _values(material: Material, values: Sequence[Expr]) -> Text:
    parts: list[str | Inline] = []
    for value in values:
        numeral = material.numerals(value)
        text = numeral.latex if numeral.exact else f"{ROUNDED} {numeral.latex}"
        parts += [Inline(text), ", "]
    return tuple(parts[:-1])
