"""Every weight's derivative: staged formula = numbers = value."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Row, Rows, heading, paragraph
from symcnn.document.context import Context
from symcnn.document.rows import worked_row
from symcnn.document.scope import Position
from symcnn.equations import Tensor


def weights(context: Context) -> Iterator[Block]:
    """Work out each weight in the named stages."""
    parameters = [t for t in context.derivation.network.parameters if _positions(context, t)]
    if not parameters:
        return
    yield heading(1, "Every weight's derivative")
    yield paragraph(
        "With the derivatives of the stages known, each weight needs one more step. "
        "Each formula stands in the named stages first, then with their numbers."
    )
    for tensor in parameters:
        yield from _tensor(context, tensor)


def _tensor(context: Context, tensor: Tensor) -> Iterator[Block]:
    yield heading(2, "By ", context.named(tensor), f", the parameter {tensor.name}")
    if not context.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(_row(context, tensor, position) for position in _positions(context, tensor)))


def _positions(context: Context, tensor: Tensor) -> list[Position]:
    return context.worked_derivatives(tensor)


def _row(context: Context, tensor: Tensor, position: tuple[int, ...]) -> Row:
    symbol = context.derivation.adjoints[tensor.name].symbol(position)
    formula = context.derivation.entries.formula(symbol)
    left = context.partial(tensor.symbol(position))
    return worked_row(context, symbol, formula, left, task="formula")
