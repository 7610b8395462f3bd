"""Embedding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, positive_integer
from symcnn.network.layers.declarations import Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning


@dataclass(frozen=True)
class Embedding(Layer):
    """Each whole number of the input selects a row of a learned table.

        y[i, ..., c] = E[x[i, ...], c]  =  sum over v of [x[i, ...] = v] E[v, c]

    The entries of x are indices that count from 0. They are given, and there is no derivative
    with respect to them; that with respect to row v of the table is the sum of the error
    signals of all positions whose number is v.

    Shapes: x any, y the same with one more axis of ``units``; weight (entries, units).

    Attributes:
        entries: The number of rows of the table, such as the words of a vocabulary.
        units: The length of every row.
    """

    entries: Size
    units: Size

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="Each number in {x} selects a row of the table {weight}: 0 the first, 1 the "
        "second, and so on.",
        backward={
            "weight": "A row of the table collects the error signals of all places that selected "
            "it; a row that none selected receives 0.",
        },
    )
    prefix: ClassVar[str] = "embedding"
    letter: ClassVar[str] = "v"
    instead: ClassVar[str] = "y"
    axes: ClassVar[str] = "ic"
    learned: ClassVar[Mapping[str, str]] = {"weight": ""}
    takes_indices: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape with one more axis."""
        positive_integer(self.entries, "entries")
        return (*shape, positive_integer(self.units, "units"))

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return the table."""
        return {"weight": Parameter((self.entries, self.units), "E", "vc", instead="w")}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return y[i, c] = E[x[i], c]."""
        *position, c = y.indices
        return (define(y[y.indices], tensors["weight"][x[tuple(position)], c]),)
