"""What the source of the problem printed, beside what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symcnn import limits
from symcnn.document.blocks import ROUNDED, Block, Inline, Table, Text, heading, inline, paragraph
from symcnn.document.material import Figure, Figures, Material
from symcnn.document.numerals import Numerals, digits_of
from symcnn.document.sections.words import separated
from symcnn.formula import read


def reconciliation(material: Material) -> Iterator[Block]:
    """State every fault of the source beside the right values."""
    correction = material.correction
    if correction is None:
        return
    yield heading(1, correction.title, solution=True)
    if correction.figures:
        yield paragraph("Everything that the source printed, beside what is right:")
        yield _table(material, correction.figures)
    for number, (text, figures) in enumerate(correction.faults, start=1):
        yield paragraph(f"{number}. ", *_with_formulas(text))
        yield _table(material, [figures])


def _with_formulas(text: str) -> Text:
    """Read the formulas that somebody wrote between dollar signs."""
    parts = enumerate(text.split("$"))
    return tuple(Inline(read(part)) if number % 2 else part for number, part in parts)


def _table(material: Material, figures: Sequence[Figures]) -> Table:
    rows = [
        ((origin,), (figure.quantity,), _values(material, figure, _numerals(material, pair)))
        for pair in figures
        for origin, figure in zip(("In the source", "Right"), pair, strict=True)
        if figure is not None
    ]
    return Table((("",), ("Quantity",), ("Values",)), tuple(rows), "lYX")


def _numerals(material: Material, pair: Figures) -> Numerals:
    """Print at least as many digits as the source, so that the difference is seen."""
    digits = material.numerals.digits
    if pair.printed is not None and pair.printed.verbatim:
        printed = max([digits, *map(digits_of, pair.printed.values)])
        digits = max(digits, min(printed, limits.COMPARED_DIGITS))
    return replace(material.numerals, digits=digits)


def _values(material: Material, figure: Figure, numerals: Numerals) -> Text:
    parts: list[Inline] = []
    for value in figure.values:
        numeral = numerals(value)
        exact = numeral.exact or (figure.verbatim and digits_of(value) <= numerals.digits)
        parts.append(inline(*(() if exact else (ROUNDED,)), numeral.formula))
    return separated(material, parts)
