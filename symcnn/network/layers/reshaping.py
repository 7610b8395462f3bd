"""Reshaping and transposing: the same entries in another shape or order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Integer, Mod, Symbol, floor

from symcnn.equations import Equation, Tensor, define, strides
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import Size, is_symbolic, is_whole, number_of, positive_integer
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.shapes import quotient
from symcnn.network.meaning import Meaning, When

STAYED = "No entry moved, so each error signal is passed on unchanged."
"""What is said of error signals where a layer has nothing to do."""


@dataclass(frozen=True)
class Reshape(Layer):
    """The entries of a sample in another shape, in row-major order: the last index runs fastest.

        y[i, j] = x[m]  with  m = J i + j          from length I J to I x J
        y[m] = x[floor(m / J), m mod J]            and back

    Shapes: x any, y the given ``shape``, with as many entries. One length may be -1: it follows
    from the others.

    Attributes:
        shape: The shape of the output, of one sample.
    """

    shape: tuple[Size, ...]

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "keeps_shape",
            "{x} has this shape already: it stays as it is.",
            "The entries of {x} are read row by row and arranged in another shape; no number "
            "changes.",
        ),
        backward=When(
            "keeps_shape",
            STAYED,
            "Nothing was computed, so the error signal only returns to the shape of {x}.",
        ),
    )
    prefix: ClassVar[str] = "reshape"

    def keeps_shape(self, shape: Shape) -> bool:
        """Tell whether the input has the given shape."""
        return self.output_shape(shape) == shape

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape, with the length that follows from the others."""
        lengths: Any = self.shape if isinstance(self.shape, tuple | list) else (self.shape,)
        free = [axis for axis, n in enumerate(lengths) if not is_symbolic(n) and n == -1]
        known = [positive_integer(n, f"shape[{a}]") for a, n in enumerate(lengths) if a not in free]
        rest = quotient(number_of(shape), number_of(known))
        if len(free) > 1 or rest is None or (not free and rest != 1):
            raise SymcnnError(
                f"an input of shape {shape} has {number_of(shape)} entries, which do not fill "
                f"the shape {tuple(lengths)}: give lengths with that product, or one of them as -1"
            )
        return tuple(rest if axis in free else n for axis, n in enumerate(lengths))

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads every entry of y."""
        if (common := common_axes(x, y)) is not None:
            return (define(y[common.second], x[common.first], over=common.over),)
        return (define(y[y.indices], x[tuple(_positions(y, x.shape))]),)


def _positions(y: Tensor, shape: Shape) -> Sequence[Expr]:
    """Return the indices of an entry of y in another shape: quotients and remainders."""
    pairs = zip(y.indices, y.shape, strides(y.shape), strict=True)
    position = sum((index * step for index, n, step in pairs if n != 1), Integer(0))
    found = []
    for length in reversed(shape[1:]):
        found.append(Mod(position, length) if length != 1 else Integer(0))
        position = floor(position / length) if length != 1 else position
    return [position, *reversed(found)]


@dataclass(frozen=True)
class Transpose(Layer):
    """The axes of a sample in another order: y[c, i, j] = x[i, j, c] for the order (2, 0, 1).

    Shapes: axis n of y is axis ``permutation[n]`` of x; the first axis of a sample is 0.

    Attributes:
        permutation: The axes of x in the order of those of y; by default reversed.
    """

    permutation: tuple[int, ...] | None = None

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "keeps_order",
            "The axes of {x} stay in their order: no entry moves.",
            "The axes of {x} are put in another order; no number changes.",
        ),
        backward=When(
            "keeps_order",
            STAYED,
            "Nothing was computed, so the error signal only returns to the places of {x}.",
        ),
    )
    prefix: ClassVar[str] = "transpose"

    def keeps_order(self, shape: Shape) -> bool:
        """Tell whether each axis stays where it is."""
        return self._order(len(shape)) == (*range(len(shape)),)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the lengths in the new order."""
        return tuple(shape[axis] for axis in self._order(len(shape)))

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the equation that reads every entry of y."""
        order = self._order(len(x.shape))
        return (define(y[tuple(x.indices[axis] for axis in order)], x[x.indices]),)

    def _order(self, axes: int) -> tuple[int, ...]:
        if self.permutation is None:
            return tuple(reversed(range(axes)))
        order: Any = self.permutation
        given = tuple(order) if isinstance(order, tuple | list) else (order,)
        if not all(is_whole(n, 0) for n in given) or sorted(given) != [*range(axes)]:
            raise SymcnnError(
                f"permutation = {order!r} is invalid for an input with {axes} axes: give the "
                f"numbers from 0 to {axes - 1} in some order"
            )
        return given


@dataclass(frozen=True)
class Common:
    """The indices of one entry in two tensors.

    Attributes:
        first: Those in the first tensor.
        second: Those in the second.
        over: The ranges of the common axes.
    """

    first: tuple[Expr, ...]
    second: tuple[Expr, ...]
    over: dict[Symbol, Size]


def common_axes(first: Tensor, second: Tensor) -> Common | None:
    """Return the indices of an entry in two tensors with the same entries in row-major order.

        (6, 4) and (2, 12)  are unions of axes of  2, 3 and 4:  x[3 a + b, c]  is  y[a, 4 b + c]

    None if a common axis would begin in the middle of another one, as of (2, 3) and (3, 2).
    """
    if (parts := _parts(first.shape, second.shape)) is None:
        return None
    lengths, *unions = parts
    letters = _letters(len(lengths), (first, second), unions)
    made = [tuple(_index(union, letters, lengths) for union in of) for of in unions]
    return Common(made[0], made[1], dict(zip(letters, lengths, strict=True)))


_Unions = list[list[int]]


def _parts(first: Shape, second: Shape) -> tuple[Shape, _Unions, _Unions] | None:
    """Return the lengths of the common axes, the last first, and which each axis consists of."""
    lengths: list[Size] = []
    unions: list[_Unions] = [[[] for _ in first], [[] for _ in second]]
    ends, left = [len(first) - 1, len(second) - 1], [[*first], [*second]]
    while True:
        for side in (0, 1):
            while ends[side] >= 0 and left[side][ends[side]] == 1:
                ends[side] -= 1
        if min(ends) < 0:
            return (tuple(lengths), unions[0], unions[1]) if max(ends) < 0 else None
        sizes = [left[side][ends[side]] for side in (0, 1)]
        shared = next((n for n in sizes if all(quotient(s, n) is not None for s in sizes)), None)
        if shared is None:
            return None
        for side in (0, 1):
            unions[side][ends[side]].append(len(lengths))
            rest = quotient(sizes[side], shared)
            assert rest is not None, "it divides both"
            left[side][ends[side]] = rest
        lengths.append(shared)


def _letters(
    count: int, tensors: Sequence[Tensor], unions: Sequence[_Unions]
) -> tuple[Symbol, ...]:
    """Return an index for every common axis: that of a tensor's axis where it is all of it."""
    found: dict[int, Symbol] = {}
    for tensor, of in zip(tensors, unions, strict=True):
        for letter, union in zip(tensor.indices, of, strict=True):
            if len(union) == 1 and letter not in found.values():
                found.setdefault(union[0], letter)
    spare = spare_letters({symbol.name for symbol in found.values()})
    return tuple(found[n] if n in found else index(next(spare)) for n in range(count))


def _index(union: Sequence[int], letters: Sequence[Symbol], lengths: Shape) -> Expr:
    """Return the index of an axis that consists of others, given from the last on."""
    made, step = Integer(0), Integer(1)
    for part in union:
        made += step * letters[part]
        step *= lengths[part]
    return made.expand()
