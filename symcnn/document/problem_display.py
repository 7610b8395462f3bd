"""What a notebook shows of a problem: its layers, its given numbers and its loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from sympy import Expr, Symbol

from symcnn.derivation import Derivation
from symcnn.document.blocks import Block, Inline, Text, paragraph
from symcnn.document.context import Context
from symcnn.document.document import Document
from symcnn.document.facts.given import Check
from symcnn.document.outline import OUTLINES
from symcnn.document.story.assemble import blocks
from symcnn.document.style import Style
from symcnn.document.words.words import loss_name
from symcnn.network.losses import Loss
from symcnn.network.optimizers import Optimizer

_NO_CHECK = Check("none", (), 0.0)
"""Nothing is derived that could be checked."""


def display(
    title: str,
    derivation: Derivation,
    value: Callable[[Symbol], Expr],
    rate: Expr | None,
    optimizer: Optimizer,
) -> Document:
    """Return the first section of the problem's document, and its loss in words.

    Args:
        title: The problem's title.
        derivation: The derivation of its network.
        value: The value of a given entry.
        rate: The step of gradient descent, if there is one.
        optimizer: What takes the step.
    """
    context = Context(
        title, derivation, value, _NO_CHECK, rate, optimizer, style=Style(detail="full")
    )
    aim = paragraph(*_loss(derivation.network.loss), *_step(context), ".")
    return Document(title, (*blocks(context, OUTLINES["shown"]), *_effort(derivation), aim))


def _effort(derivation: Derivation) -> Iterator[Block]:
    products = derivation.network.summary().multiplications
    if products:
        yield paragraph(f"Multiplications of a forward pass: {products:,}.")


def _loss(loss: Loss) -> Text:
    """Say half squared error for HalfSquaredError, and what is not as usual."""
    settings = ", ".join(
        f"{field.name} {getattr(loss, field.name)}"
        for field in fields(loss)
        if getattr(loss, field.name) != field.default
    )
    return (f"The loss: {loss_name(loss)}" + (f" ({settings})" if settings else ""),)


def _step(context: Context) -> Text:
    if context.learning_rate is None:
        return ()
    rate = Inline(context.numerals(context.learning_rate).formula)
    by = () if context.optimizer.is_plain else ("; the optimizer: ", context.optimizer.title)
    return ("; the learning rate: ", rate, *by)
