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
from symcnn.equations.sizes import number_of
from symcnn.errors import SymcnnError
from symcnn.network.layers.merge import Merge
from symcnn.network.layers.shapes import broadcast, entry_for
from symcnn.network.meaning import Meaning, When


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

    def broadcasts(self, *shapes: Shape) -> bool:
        """Tell whether entries of an input are used in several places."""
        return len({*shapes}) > 1

    def reads(self, y: Tensor, xs: Sequence[Tensor]) -> list[Indexed]:
        """Return the entry of every input that an entry of y is made of."""
        return [entry_for(x, y) for x in xs]


_SPREAD = When(
    "broadcasts",
    "Along an axis that an input lacks, or has with length 1, its entries are used again and "
    "again.",
)
_COLLECTED = When(
    "broadcasts", "An entry that was used in several places collects what comes from each of them."
)


@dataclass(frozen=True)
class Add(_Arithmetic):
    """The sum of the inputs, entry by entry: y[...] = x_1[...] + x_2[...] + ...

    Shapes: all inputs and y have the same shape, or shapes that are broadcast: axes are compared
    from the last on, and have the same length or length 1.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "repeats",
            "{x} is added to itself.",
            ("Entries of {x} at the same place are added.", _SPREAD),
        ),
        backward=When(
            "repeats",
            "{x} receives the error signal of {y} once for each time that it is added.",
            ("A sum passes its error signal on to each of its terms, unchanged.", _COLLECTED),
        ),
    )
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

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=("{x2} is subtracted from {x1}, entry by entry.", _SPREAD),
        backward={
            "x1": ("{x1} receives the error signal of the difference unchanged.", _COLLECTED),
            "x2": (
                "{x2} is subtracted, so it receives the error signal with the opposite sign.",
                _COLLECTED,
            ),
        },
    )
    prefix: ClassVar[str] = "subtract"
    verb: ClassVar[str] = "subtracted"
    pairs: ClassVar[bool] = True

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return one equation for each input; they add up."""
        first, second = self.reads(y, xs)
        return define(y[y.indices], first), define(y[y.indices], -second)


_FACTOR = (
    "Each factor receives the error signal, times",
    When("takes_two", "the other factor.", "the product of the others."),
    _COLLECTED,
)
_GATE = (
    "A gate scales a whole channel: its error signal is the sum, over this channel, of each error "
    "signal times the entry that was scaled."
)


def _scaled(x: str) -> str:
    return f"An entry of {x} receives the error signal of its scaled copy, times its gate."


def _is_gate(gate: Shape, of: Shape) -> bool:
    """Tell whether there is one factor for each channel."""
    return len(of) > 1 and gate[-1] == of[-1] and number_of(gate) == gate[-1] != number_of(of)


@dataclass(frozen=True)
class Multiply(_Arithmetic):
    """The product of the inputs, entry by entry: y[...] = x_1[...] x_2[...] ...

    A gate of shape (channels,) scales the channels of an image, as in squeeze and excitation.

    Shapes: those of ``Add``.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "gates",
            "Each channel of {x1} is scaled by its gate, an entry of {x2}.",
            When(
                "is_gated",
                "Each channel of {x2} is scaled by its gate, an entry of {x1}.",
                When(
                    "repeats",
                    "Each entry of {x} is multiplied by itself.",
                    ("Entries of {x} at the same place are multiplied.", _SPREAD),
                ),
            ),
        ),
        backward={
            "x1": When("gates", _scaled("{x1}"), When("is_gated", _GATE)),
            "x2": When("gates", _GATE, When("is_gated", _scaled("{x2}"))),
            "x": When("gates", "", When("is_gated", "", _FACTOR)),
        },
    )
    prefix: ClassVar[str] = "multiply"
    verb: ClassVar[str] = "multiplied"

    def takes_two(self, *shapes: Shape) -> bool:
        """Tell whether there are two factors."""
        return len(shapes) == 2

    def gates(self, *shapes: Shape) -> bool:
        """Tell whether the second of two inputs has a factor for each channel of the first."""
        return len(shapes) == 2 and _is_gate(shapes[1], shapes[0])

    def is_gated(self, *shapes: Shape) -> bool:
        """Tell whether the first has one for each channel of the second."""
        return len(shapes) == 2 and _is_gate(shapes[0], shapes[1])

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the product."""
        return (define(y[y.indices], Mul(*self.reads(y, xs))),)


@dataclass(frozen=True)
class Divide(_Arithmetic):
    """The quotient of two inputs, entry by entry: y[...] = x_1[...] / x_2[...].

    An input divided by itself is 1 where it is not 0; where it is 0, there is no quotient.

    Shapes: those of ``Add``.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=("{x1} is divided by {x2}, entry by entry.", _SPREAD),
        backward={
            "x1": ("The dividend receives the error signal, divided by the divisor.", _COLLECTED),
            "x2": (
                "The divisor receives minus the error signal, times the quotient, divided by the "
                "divisor.",
                _COLLECTED,
            ),
        },
    )
    prefix: ClassVar[str] = "divide"
    verb: ClassVar[str] = "divided"
    pairs: ClassVar[bool] = True

    def join(self, y: Tensor, xs: Sequence[Tensor], **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the quotient."""
        first, second = self.reads(y, xs)
        below = uncancelled(second) if second == first else second
        return (define(y[y.indices], first / below),)
