"""Gathering and scattering: entries of an axis are taken from, or put to, given places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, positive_integer
from symcnn.network.layers.declarations import Given, Parameter, axis_of, checked_shape
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning


@dataclass(frozen=True)
class Gather(Layer):
    """Entries of an axis at given places: y[i, j, c] = x[i, rho[j], c], of axis 1.

    The indices rho count from 0. They are given and not learned; one may occur several times, or
    not at all. The derivative with respect to an entry of x is the sum of the error signals of all
    places that it was taken to. A layer that flattens x before this one lets it take any entry.

    Shapes: in y, the axes of ``indices`` stand in place of the axis of x; indices (``shape``).

    Attributes:
        shape: The shape of the indices.
        axis: The axis, from 0 on; a negative one counts from the last.
    """

    shape: tuple[Size, ...]
    axis: int = 0

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="The numbers in {indices} say which entries of {x} are taken along an axis: 0 "
        "stands for the first, 1 for the second, and so on.",
        backward="An entry collects the error signals of all places that it was taken to; one that "
        "was not taken receives 0.",
    )
    prefix: ClassVar[str] = "gather"
    supplied: ClassVar[Mapping[str, str]] = {"indices": ""}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape with the axes of the indices in place of the axis."""
        axis = axis_of(shape, self.axis)
        return (*shape[:axis], *self._places, *shape[axis + 1 :])

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the indices."""
        return {"indices": Given(self._places, "rho", "pqrmo"[: len(self._places)])}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation in which an index is an entry of the indices."""
        axis, count = axis_of(x.shape, self.axis), len(self._places)
        before, places = y.indices[:axis], y.indices[axis : axis + count]
        source = (*before, tensors["indices"][places], *y.indices[axis + count :])
        return (define(y[y.indices], x[source]),)

    @property
    def _places(self) -> Shape:
        given: Any = self.shape
        return checked_shape(given, "shape of the indices")


@dataclass(frozen=True)
class ScatterAdd(Layer):
    """Entries of an axis are added at given places: y[i, rho[j], c] = sum over j of x[i, j, c].

    The indices rho count from 0. They are given and not learned. Entries with the same index are
    added up, and where none is added, y is 0. This is the transpose of ``Gather``.

    Shapes: y has the shape of x, with ``length`` entries along the axis; indices has an entry for
    each that x has along it.

    Attributes:
        length: The number of places along the axis of y.
        axis: The axis, from 0 on; a negative one counts from the last.
    """

    length: Size
    axis: int = 0

    meaning: ClassVar[Meaning | None] = Meaning(
        forward="The numbers in {indices} say where in {y} the entries of {x} are added along an "
        "axis: 0 stands for the first place, 1 for the second, and so on. A place to which none is "
        "added holds 0.",
        backward="An entry receives the error signal of the place where it was added.",
    )
    prefix: ClassVar[str] = "scatter"
    supplied: ClassVar[Mapping[str, str]] = {"indices": ""}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape with the given number of places along the axis."""
        axis = axis_of(shape, self.axis)
        return (*shape[:axis], positive_integer(self.length, "length"), *shape[axis + 1 :])

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the indices."""
        return {"indices": Given((shape[axis_of(shape, self.axis)],), "rho", "p")}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation in which an index of y is an entry of the indices."""
        axis = axis_of(x.shape, self.axis)
        place = (*x.indices[:axis], tensors["indices"][x.indices[axis]], *x.indices[axis + 1 :])
        return (define(y[place], x[x.indices]),)


# Embedding.


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
