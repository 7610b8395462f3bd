"""A trial with plain numbers: the weight that is followed changes, and with it the loss."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import (
    EQUAL,
    ROUNDED,
    Block,
    Inline,
    Paragraph,
    Row,
    Text,
    heading,
    inline,
)
from symcnn.document.context import Context
from symcnn.document.facts.given import Nudge
from symcnn.document.rows.matrices import Piece
from symcnn.document.rows.rows import cell, figure
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.writing.formula import Formula

_ANSWER = "The derivative with respect to {letter} is {sign}, so {letter} should be {way}. "
"""The answer to the question with which the document begins."""

_TRIED = (
    "With {moved}, and everything else as it was, {found} less than before by {fall}. The "
    "derivative predicted a decrease by {product}."
)
_IN_PLACE = "{weight} in place of {before}"
_BY = "{letter} {way} by {size}"
"""How the weight is changed: said by its numbers where these are exact."""

_FOUND = "we find {after}, which is"
_IS_LESS = "the loss is"
"""What is found: the number alone where its printed digits are those of before."""


def tried(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Change the weight a little, and compare what the loss does with what was predicted."""
    if context.nudge is not None:
        yield "insight", _trial(context, context.nudge)


def _trial(context: Context, made: Nudge) -> Iterator[Block]:
    loss = context.derivation.network.loss_tensor.symbol((0,))
    numbers = {
        "moved": made.weight + made.change,
        "before": made.weight,
        "after": made.after,
        "loss": loss,
        "fall": loss - made.after,
        "share": -made.change * made.slope,
        "size": abs(made.change),
        "slope": abs(made.slope),
    }
    rows = {k: figure(context, k, number, context.value(number)) for k, number in numbers.items()}
    is_positive = context.value(made.slope) > 0
    gaps: dict[str, str | Inline | Text] = {
        "sign": "positive" if is_positive else "negative",
        "letter": Inline(context.printed(made.weight)),
        "way": "smaller" if is_positive else "larger",
        "weight": _equals(context.printed(made.weight), rows["moved"]),
        "before": cell(rows["before"]),
        "size": cell(rows["size"]),
        "after": _equals(context.printer.loss, rows["after"]),
        "fall": cell(rows["fall"]),
        "product": _product(rows["size"], rows["slope"], rows["share"]),
    }
    is_exact = all(rows[key].sides[0].relation == EQUAL for key in ("moved", "before"))
    is_seen = rows["after"].sides != rows["loss"].sides
    moved = filled(_IN_PLACE if is_exact else _BY, **gaps)
    found = filled(_FOUND if is_seen else _IS_LESS, **gaps)
    said = filled(_ANSWER + _TRIED, moved=moved, found=found, **gaps)
    yield heading(1, "Try it")
    yield Paragraph(said, figures=(*rows.values(),))


def _equals(left: Formula, right: Row) -> Inline:
    (side,) = right.sides
    return inline(left, side.relation, *side.terms)


def _product(one: Row, other: Row, product: Row) -> Inline:
    """Return 0.01 · 0.0256 ≈ 0.000256."""
    sides = [made.sides[0] for made in (one, other, product)]
    relation = ROUNDED if any(side.relation == ROUNDED for side in sides) else EQUAL
    first, second, last = (side.terms for side in sides)
    return inline(*first, r"\cdot", *second, relation, *last)
