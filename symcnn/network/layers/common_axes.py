"""Two shapes of the same entries, as unions of common axes.

    (6, 4) and (2, 12)  are unions of axes of  2, 3 and 4:  x[3 a + b, c]  is  y[a, 4 b + c]

so that indices are affine on both sides. Of (2, 3) and (3, 2) there are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, Symbol

from symcnn.equations import Tensor
from symcnn.equations.notation import Shape, index, spare_letters
from symcnn.equations.sizes import Size
from symcnn.network.layers.shapes import quotient


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

    None if a common axis would begin in the middle of another one.
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
