"""The derivative with respect to one weight, from the loss to it, on two pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symcnn.derivation.general import General
from symcnn.document.blocks import Block, Row, Rows, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.rows import figure, worked_row
from symcnn.document.sections.backward import (
    derivative_of_weights,
    differentiated,
    is_renamed,
)
from symcnn.document.sections.brief import (
    OPENING,
    brackets_and_maxima,
    named_functions,
    numbers,
    signal,
    simplified,
    with_ranges,
)
from symcnn.document.sections.choices import ties_and_kinks
from symcnn.document.sections.composed import composed
from symcnn.document.sections.matrices import Quantity, is_written_out
from symcnn.document.sections.mentioned import Mentioned
from symcnn.document.sections.results import learning_rate, updated
from symcnn.document.sections.words import filled, way_back
from symcnn.equations import Tensor

_FEW = 4
"""The most entries of a stage that are worked out; of more their matrices are given."""


def error_signals_on_the_way(context: Context) -> Iterator[Block]:
    """Give the derivative with respect to each stage in general, and the entries on the way."""
    derivation = context.derivation
    shown = [tensor for tensor in differentiated(derivation) if _is_reached(context, tensor)]
    if not shown:
        return
    yield heading(1, "Backward pass")
    yield paragraph(*filled(OPENING, context.letters, start=way_back(context.derivation)))
    shorter = {tensor: composed(derivation, tensor) for tensor in shown}
    yield Rows(tuple(made for tensor in shown for made in _rows(context, tensor, shorter[tensor])))
    yield from simplified(context, [tensor for tensor in shown if shorter[tensor] is not None])
    yield from named_functions(context, shown)
    if said := brackets_and_maxima(context, shown):
        yield paragraph(*said)
    yield from ties_and_kinks(context, shown)
    many = [t for t in shown if not (_is_few(context, t) or is_renamed(context, t))]
    yield from numbers(context, (Quantity(derivation.adjoints[t.name]) for t in many), task=True)


def derivative_of_the_weight(context: Context, mentioned: Mentioned) -> Iterator[Block]:
    """Give the theorem for the weight's layer with its case, and the weight's derivative."""
    for tensor in context.derivation.network.parameters:
        if _is_reached(context, tensor):
            yield heading(1, "The weight's derivative")
            yield from derivative_of_weights(context, tensor, mentioned)


def moved(context: Context) -> Iterator[Block]:
    """Give the weight after one step of gradient descent."""
    rate = context.learning_rate
    if rate is None:
        return
    for tensor, position in context.listed_weights():
        weight = tensor.symbol(position)
        new = updated(context, tensor, rate)
        number = new.number(weight)
        made = figure(context, f"updated {weight.name}", number, context.value(number))
        yield heading(1, "One step of gradient descent")
        yield paragraph("With the learning rate ", learning_rate(context, rate), ":")
        yield Rows((replace(made, left=new.name(context.printed(weight)), task="value"),))


def _is_reached(context: Context, tensor: Tensor) -> bool:
    return context.derivation.depends_on(tensor) and bool(context.worked_derivatives(tensor))


def _is_few(context: Context, tensor: Tensor) -> bool:
    """Tell whether the entries on the way are worked out: few, or too many for matrices."""
    few = len(context.worked_derivatives(tensor)) <= _FEW
    return few or not is_written_out(tensor)


def _rows(
    context: Context, tensor: Tensor, shorter: tuple[Tensor, General] | None
) -> Iterator[Row]:
    """Give a stage's derivative in general, unless it is one number, and entry by entry."""
    if tensor.size > 1:
        yield signal(context, tensor)
    adjoint, formula = context.derivation.adjoints[tensor.name], context.derivation.entries.formula
    if _is_few(context, tensor):
        for symbol in map(adjoint.symbol, context.worked_derivatives(tensor)):
            yield worked_row(context, symbol, formula(symbol))
    if shorter is not None:
        yield with_ranges(context, shorter[1])
