"""Sums, differences, products and quotients of layers, entry by entry, with broadcasting.

    y[i, j, c] = x_1[i, j, c] x_2[c]          shapes (H, W, C) and (C,)
    y[i, j, c] = x_1[i, j, c] x_2[i, j, 0]    shapes (H, W, C) and (H, W, 1)

Axes are compared from the last on: each has the same length in all inputs, or length 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Indexed, Mul

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import uncancelled
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.network.layers.merge import Merge
from symcnn.network.layers.shapes import broadcast, entry_for


@dataclass(frozen=True)
class _Arithmetic(Merge):
    """An operation on the entries of several layers, whose shapes are broadcast."""

    verb: ClassVar[str]
    """What cannot be done with inputs that do not fit."""

    pairs: ClassVar[bool] = False
    """Whether it takes two inputs, rather than two or more."""

    def merged(self, shapes: Sequence[Shape]) -> Shape:
        """Return the common shape."""
        if self.pairs and len(shapes) != 2:
            raise SymcnnError(f"the layer has {len(shapes)} inputs: it takes two")
        return broadcast(shapes, self.verb)

    def reads(self, y: Tensor, xs: Sequence[Tensor]) -> list[Indexed]:
        """Return the entry of every input that an entry of y is made of."""
        return [entry_for(x, y) for x in xs]


@dataclass(frozen=True)
class Add(_Arithmetic):
    """The sum of the inputs, entry by entry: y[...] = x_1[...] + x_2[...] + ...

    Shapes: all inputs and y have the same shape, or shapes that are broadcast: axes are compared
    from the last on, and have the same length or length 1.
    """

    prefix: ClassVar[str] = "add"
    letter: ClassVar[str] = "s"
    instead: ClassVar[str] = "y"
    verb: ClassVar[str] = "added"

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; they add up."""
        return tuple(define(y[y.indices], read) for read in self.reads(y, xs))


@dataclass(frozen=True)
class Subtract(_Arithmetic):
    """The difference of two inputs, entry by entry: y[...] = x_1[...] - x_2[...].

    Shapes: those of ``Add``.
    """

    prefix: ClassVar[str] = "subtract"
    letter: ClassVar[str] = "y"
    verb: ClassVar[str] = "subtracted"
    pairs: ClassVar[bool] = True

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; they add up."""
        first, second = self.reads(y, xs)
        return define(y[y.indices], first), define(y[y.indices], -second)


@dataclass(frozen=True)
class Multiply(_Arithmetic):
    """The product of the inputs, entry by entry: y[...] = x_1[...] x_2[...] ...

    A gate of the shape (channels,) scales the channels of an image, as in squeeze and excitation.

    Shapes: those of ``Add``.
    """

    prefix: ClassVar[str] = "multiply"
    letter: ClassVar[str] = "y"
    verb: ClassVar[str] = "multiplied"

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the product."""
        return (define(y[y.indices], Mul(*self.reads(y, xs))),)


@dataclass(frozen=True)
class Divide(_Arithmetic):
    """The quotient of two inputs, entry by entry: y[...] = x_1[...] / x_2[...].

    Of an input and itself it is 1 where the input is not 0; where it is, there is no quotient.

    Shapes: those of ``Add``.
    """

    prefix: ClassVar[str] = "divide"
    letter: ClassVar[str] = "y"
    verb: ClassVar[str] = "divided"
    pairs: ClassVar[bool] = True

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the quotient."""
        first, second = self.reads(y, xs)
        below = uncancelled(second) if second == first else second
        return (define(y[y.indices], first / below),)
