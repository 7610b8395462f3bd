"""What the source of the problem printed, beside what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symcnn import limits
from symcnn.document.blocks import ROUNDED, Block, Inline, Table, Text, heading, inline, paragraph
from symcnn.document.context import Context, Figure, Figures
from symcnn.document.numerals import Numerals, digits_of
from symcnn.document.sections.words import separated
from symcnn.formula.prose import prose


def reconciliation(context: Context) -> Iterator[Block]:
    """State every fault of the source beside the right values."""
    correction = context.correction
    if correction is None:
        return
    yield heading(1, correction.title, solution=True)
    if correction.figures:
        yield paragraph("Everything that the source printed, beside what is right:")
        yield _table(context, correction.figures)
    for number, (text, figures) in enumerate(correction.faults, start=1):
        yield paragraph(f"{number}. ", *_with_formulas(text))
        yield _table(context, [figures])


def _with_formulas(text: str) -> Text:
    """Read the formulas that somebody wrote between dollar signs."""
    return tuple(part if isinstance(part, str) else Inline(part) for part in prose(text))


def _table(context: Context, figures: Sequence[Figures]) -> Table:
    rows = [
        ((origin,), (figure.quantity,), _values(context, figure, _numerals(context, pair)))
        for pair in figures
        for origin, figure in zip(("In the source", "Right"), pair, strict=True)
        if figure is not None
    ]
    return Table((("",), ("Quantity",), ("Values",)), tuple(rows), "lYX")


def _numerals(context: Context, pair: Figures) -> Numerals:
    """Print at least as many digits as the source, so that the difference is seen."""
    digits = context.numerals.digits
    if pair.printed is not None and pair.printed.verbatim:
        printed = max([digits, *map(digits_of, pair.printed.values)])
        digits = max(digits, min(printed, limits.COMPARED_DIGITS))
    return replace(context.numerals, digits=digits)


def _values(context: Context, figure: Figure, numerals: Numerals) -> Text:
    parts: list[Inline] = []
    for value in figure.values:
        numeral = numerals(value)
        exact = numeral.exact or (figure.verbatim and digits_of(value) <= numerals.digits)
        parts.append(inline(*(() if exact else (ROUNDED,)), numeral.formula))
    return separated(context, parts)
