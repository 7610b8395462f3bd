"""The weight that a document follows: the question at its start, and a trial with plain numbers."""

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
from symcnn.document.context import Context, Nudge
from symcnn.document.facts.thread import Thread
from symcnn.document.rows.matrices import Piece
from symcnn.document.rows.rows import cell, figure
from symcnn.document.words.mentioned import Mentioned
from symcnn.document.words.table import filled
from symcnn.document.words.words import meaning, noun
from symcnn.equations import Tensor
from symcnn.writing.formula import Formula

_QUESTION = (
    "How does one {number} change the loss? Take {weight}, {which}. Should it be larger or "
    "smaller, and by how much would the loss change? We follow this one {number} through the "
    "network and back{others}."
)
_OTHERS = "; the derivatives with respect to all others are found in the same way"
_TRIED = (
    "With {weight} in place of {before}, and everything else as it was, we find {after}, which is "
    "less than before by {fall}. The derivative foretold {product}."
)


def question(context: Context) -> Text:
    """Ask what a document answers, of the weight that it follows."""
    thread = context.scope.thread
    if thread is None:
        return ()
    tensor = context.derivation.network.tensors[thread.name]
    learned = sum(tensor.size for tensor in context.derivation.network.parameters)
    is_learned = tensor.role == "parameter"
    return filled(
        _QUESTION,
        number="weight" if is_learned else "entry of the input",
        weight=_given(context, thread, tensor),
        which=_which(tensor),
        others=_OTHERS if learned > is_learned else "",
    )


def _given(context: Context, thread: Thread, tensor: Tensor) -> Inline:
    """Return w_23 = 0.2, or its letter alone where its number would be rounded."""
    symbol = tensor.symbol(thread.position)
    (side,) = figure(context, symbol.name, symbol, context.value(symbol)).sides
    letter = context.printed(symbol)
    return inline(letter, EQUAL, *side.terms) if side.relation == EQUAL else Inline(letter)


def _which(tensor: Tensor) -> str:
    owner, _, part = tensor.name.rpartition(".")
    if tensor.role != "parameter":
        return f"one of the {tensor.size} numbers of the input" if tensor.size > 1 else "the input"
    if tensor.size == 1:
        return meaning(tensor)
    return f"a {noun(tensor)} of {owner}" if part in ("weight", "bias") else f"of {meaning(tensor)}"


def tried(context: Context, mentioned: Mentioned) -> Iterator[Piece]:
    """Change the weight a little, and compare what the loss does with what was foretold."""
    if context.nudge is not None:
        yield "insight", _trial(context, context.nudge)


def _trial(context: Context, made: Nudge) -> Iterator[Block]:
    loss = context.derivation.network.loss_tensor.symbol((0,))
    numbers = {
        "moved": made.weight + made.change,
        "before": made.weight,
        "after": made.after,
        "fall": loss - made.after,
        "share": -made.change * made.slope,
        "size": abs(made.change),
        "slope": abs(made.slope),
    }
    rows = {k: figure(context, k, number, context.value(number)) for k, number in numbers.items()}
    said = filled(
        _TRIED,
        weight=_equals(context.printed(made.weight), rows["moved"]),
        before=cell(rows["before"]),
        after=_equals(context.printer.loss, rows["after"]),
        fall=cell(rows["fall"]),
        product=_product(rows["size"], rows["slope"], rows["share"]),
    )
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
