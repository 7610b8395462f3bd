"""Every weight's derivative: staged formula = numbers = value."""

from __future__ import annotations

from collections.abc import Iterator

from symcnn.document.blocks import Block, Row, Rows, heading, paragraph
from symcnn.document.material import Material
from symcnn.document.rows import worked_row
from symcnn.document.scope import Position
from symcnn.equations import Tensor


def weights(material: Material) -> Iterator[Block]:
    """Work out each weight in the named stages."""
    parameters = [t for t in material.derivation.network.parameters if _positions(material, t)]
    if not parameters:
        return
    yield heading(1, "Every weight's derivative")
    yield paragraph(
        "With the derivatives of the stages known, each weight needs one more step. "
        "Each formula stands in the named stages first, then with their numbers."
    )
    for tensor in parameters:
        yield from _tensor(material, tensor)


def _tensor(material: Material, tensor: Tensor) -> Iterator[Block]:
    yield heading(2, "By ", material.named(tensor), f", the parameter {tensor.name}")
    if not material.is_worked(tensor):
        yield paragraph(f"There are {tensor.size:,} such entries; one of them as an example:")
    yield Rows(tuple(_row(material, tensor, position) for position in _positions(material, tensor)))


def _positions(material: Material, tensor: Tensor) -> list[Position]:
    return material.worked_derivatives(tensor)


def _row(material: Material, tensor: Tensor, position: tuple[int, ...]) -> Row:
    symbol = material.derivation.adjoints[tensor.name].symbol(position)
    formula = material.derivation.entries.formula(symbol)
    left = material.partial(tensor.symbol(position))
    return worked_row(material, symbol, formula, left, task="formula")
