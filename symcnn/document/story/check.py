"""What is compared: the source of a problem with what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from symcnn import limits
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import (
    ROUNDED,
    Block,
    Inline,
    Reference,
    Table,
    Text,
    heading,
    inline,
    joined,
    paragraph,
)
from symcnn.document.context import Context
from symcnn.document.facts.given import Correction, Figure, Figures
from symcnn.document.facts.scope import Path
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.sentences import spelled
from symcnn.document.words.words import separated, with_formulas
from symcnn.writing.printing.numerals import Numerals, digits_of, written_digits

_KEPT = (
    "The forward pass is that of the source of this problem, whose mistakes are kept in it on "
    "purpose"
)
_ALONE = (
    " A step of the weights leaves the biases unchanged; the step of gradient descent in this "
    "document updates the biases as well and is therefore a different step."
)
_OF_WEIGHTS = " of the weights"
"""How the names of quantities end after such steps."""

_WINDOWS = "routing of "
"""How the names of quantities begin that are listed window by window."""


def kept(context: Context) -> Iterator[Block]:
    """Say that mistakes are kept on purpose, and which of them the forward pass shows, or where."""
    correction = context.correction
    if correction is None or not correction.is_kept:
        return
    is_told = "reconciliation" in context.outline.asked(context.style.sections)
    if is_told and _listed(context):
        there = f'{_KEPT}: the section "{correction.title}" says what is right.'
        yield paragraph(there, asked=(f"{_KEPT}.",))
        return
    forward = context.derivation.network.tensors
    shown = [t for t, f, _ in correction.faults if f.printed and f.printed.quantity in forward]
    yield paragraph(f"{_KEPT}.", *(part for text in shown for part in (" ", *with_formulas(text))))


def _listed(context: Context) -> Correction | None:
    """Return what is wrong in the source; nothing where one weight is followed."""
    return None if isinstance(context.scope, Path) else context.correction


def reconciliation(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """State every fault of the source beside the right values."""
    if (correction := _listed(context)) is None:
        return
    yield heading(1, correction.title)
    if opening := joined((_source(context, correction, mentioned), _digits(context))):
        yield paragraph(*opening)
    if correction.figures:
        yield paragraph("Everything that the source printed, beside the correct values:")
        yield _table(context, correction.figures)
    alone = [n for n, told in enumerate(correction.faults) if _keeps_biases(told.figures)]
    for number, (text, figures, work) in enumerate(correction.faults):
        steps = [_ALONE] if number in alone[:1] and context.derivation.network.has_biases else []
        said = ((f"{number + 1}. ", *with_formulas(text), *steps), mentioned.cited(work))
        yield paragraph(*joined(said))
        if context.tells("listing") or _is_new(figures, correction):
            yield _table(context, [figures])


def has_more_digits(context: Context) -> bool:
    """Tell whether rounded values have more digits in comparisons than elsewhere."""
    correction, usual = _listed(context), context.numerals.digits
    if correction is None:
        return False
    for pair in (*correction.figures, *(told.figures for told in correction.faults)):
        numerals = _numerals(context, pair)
        values = () if pair.right is None else pair.right.values
        if numerals.digits > usual and not all(numerals(value).exact for value in values):
            return True
    return False


def _source(context: Context, correction: Correction, mentioned: Mentioned) -> Text:
    """Say which work the figures are from, unless each is from one of its own."""
    work = mentioned.works.get(context.source)
    if work is None or all(told.work for told in correction.faults):
        return ()
    return "The source is ", Reference(work, "work"), "."


def _digits(context: Context) -> Text:
    """Say how many digits rounded values have beside the figures of a source, if it is more."""
    usual, most = map(spelled, (context.numerals.digits, limits.COMPARED_DIGITS))
    said = (
        f"Where the source prints more than {usual} significant digits, correct values are rounded "
        f"to as many, but to no more than {most}."
    )
    return (said,) if has_more_digits(context) else ()


def _keeps_biases(figures: Figures) -> bool:
    return figures.right is not None and figures.right.quantity.endswith(_OF_WEIGHTS)


def _is_new(figures: Figures, correction: Correction) -> bool:
    """Tell whether a fault's figures stand nowhere else in a document."""
    return figures.printed is not None and figures not in correction.figures


def _table(context: Context, figures: Sequence[Figures]) -> Table:
    return _below(context, figures) if context.tells("listing") else _beside(context, figures)


def _beside(context: Context, figures: Sequence[Figures]) -> Table:
    """Set what the source has beside what is right."""
    rows = [
        (
            _quantity(context, pair),
            *(
                () if figure is None else _values(context, figure, _numerals(context, pair))
                for figure in pair
            ),
        )
        for pair in figures
    ]
    return Table((("Quantity",), ("In the source",), ("Correct",)), tuple(rows), "YXX")


def _quantity(context: Context, pair: Figures) -> Text:
    """Name what the source has, and what is right in its place if that is something else."""
    return _named(context, [*dict.fromkeys(figure.quantity for figure in pair if figure)])


def _named(context: Context, names: Sequence[str]) -> Text:
    """Say in which order the entries of quantities are listed, where it is not row by row."""
    order = ", window by window" if all(name.startswith(_WINDOWS) for name in names) else ""
    first, *others = (_lettered(context, name) for name in names)
    return (*first, *(part for other in others for part in (", used in place of ", *other)), order)


def _lettered(context: Context, name: str) -> Text:
    """Return the letter of a quantity behind its name: gradient of conv1, delta^z."""
    derivation = context.derivation
    tensor = derivation.network.tensors.get(name.removeprefix(GRADIENT))
    if tensor is None:
        return (name,)
    if not name.startswith(GRADIENT):
        return f"{name}, ", context.named(tensor)
    if tensor.role == "parameter":
        return f"{name}, ", Inline(context.printer.partial(context.named(tensor).formula))
    return f"{name}, ", context.named(derivation.adjoints[tensor.name])


def _below(context: Context, figures: Sequence[Figures]) -> Table:
    """Set what is right below what the source has."""
    rows = [
        (
            (origin,),
            _named(context, (figure.quantity,)),
            _values(context, figure, _numerals(context, pair)),
        )
        for pair in figures
        for origin, figure in zip(("In the source", "Correct"), pair, strict=True)
        if figure is not None
    ]
    return Table((("",), ("Quantity",), ("Values",)), tuple(rows), "lYX")


def _numerals(context: Context, pair: Figures) -> Numerals:
    """Print at least as many digits as the source, so that the difference is seen."""
    digits = context.numerals.digits
    if pair.printed is not None and pair.printed.verbatim:
        every = [*map(digits_of, pair.printed.values), *map(written_digits, pair.printed.written)]
        printed = max([digits, *every])
        digits = max(digits, min(printed, limits.COMPARED_DIGITS))
    return replace(context.numerals, digits=digits)


def _values(context: Context, figure: Figure, numerals: Numerals) -> Text:
    parts: list[Inline] = []
    for value, text in zip_longest(figure.values, figure.written, fillvalue=""):
        if 0 < len(text) <= limits.QUOTED_CHARACTERS:
            parts.append(Inline(numerals.quoted(text)))
            continue
        numeral = numerals(value)
        exact = numeral.exact or (figure.verbatim and digits_of(value) <= numerals.digits)
        parts.append(inline(*(() if exact else (ROUNDED,)), numeral.formula))
    return separated(context, parts)
