"""What the source of the problem printed, beside what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Expr

from symcnn.document.blocks import Block, Inline, Table, Text, heading, paragraph
from symcnn.document.material import Material, SetRight


def reconciliation(material: Material) -> Iterator[Block]:
    """State every fault of the source beside the right values."""
    if material.reconciliation is None:
        return
    title, faults = material.reconciliation
    yield heading(1, title)
    for number, fault in enumerate(faults, start=1):
        yield paragraph(f"{number}. ", *_with_formulas(fault.text))
        if fault.printed or fault.right:
            yield _table(material, fault)


def _with_formulas(text: str) -> Text:
    """Read the formulas that stand between dollar signs."""
    parts = enumerate(text.split("$"))
    return tuple(Inline(part) if number % 2 else part for number, part in parts)


def _table(material: Material, fault: SetRight) -> Table:
    rows = [*_rows(material, "In the source", fault.printed)]
    rows += _rows(material, "Right", fault.right)
    return Table((("",), ("Quantity",), ("Values",)), tuple(rows), "llX")


def _rows(
    material: Material, origin: str, quantities: Sequence[tuple[str, Sequence[Expr]]]
) -> Iterator[tuple[Text, ...]]:
    for name, values in quantities:
        yield (origin,), (name,), _values(material, values)


def _values(material: Material, values: Sequence[Expr]) -> Text:
    parts: list[str | Inline] = []
    for value in values:
        numeral = material.numerals(value)
        parts += [Inline(numeral.latex if numeral.exact else rf"\approx {numeral.latex}"), ", "]
    return tuple(parts[:-1])
