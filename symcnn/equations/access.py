"""The entries that an expression reads: affine indices of a tensor, as loops run over them.

T[(i W + j) C + c]          is a mere reshape of T
T[s i + d u - p, c]         is a view of T, or of T with padding around it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from sympy import Expr, Indexed, Mod, Symbol, floor, preorder_traversal

from symcnn.equations.affine import Affine, affine
from symcnn.equations.notation import Shape
from symcnn.equations.row_major import are_injective, strides
from symcnn.equations.sizes import Size, is_symbolic, number_of, plain


@dataclass(frozen=True)
class Access:
    """The affine indices of one access, and the sizes of the loops in them."""

    forms: tuple[Affine, ...]
    shape: Shape
    sizes: Mapping[Symbol, Size]

    @classmethod
    def of(cls, read: Indexed, sizes: Mapping[Symbol, Size]) -> Access:
        """Read an access; loops that it does not hold are left out."""
        forms = tuple(affine(position) for position in read.indices)
        used = {s: n for s, n in sizes.items() if any(f.coefficient(s) for f in forms)}
        return cls(forms, tuple(map(plain, read.shape)), used)

    @property
    def loops(self) -> tuple[Symbol, ...]:
        """The loops of the access, in the equation's order."""
        return tuple(self.sizes)

    @property
    def padding(self) -> tuple[tuple[int, int], ...]:
        """How far the access reaches out of its tensor, before and behind each axis."""
        reach = (form.bounds(self.sizes) or (0, 0) for form in self.forms)
        return tuple(
            (max(0, -low), max(0, high - size + 1))
            for (low, high), size in zip(reach, self.shape, strict=True)
        )

    @property
    def is_injective(self) -> bool:
        """Whether different values of the loops surely lead to different entries."""
        weights, by_loop = strides(self.padded), zip(*self.steps, strict=True)
        moves = (sum(map(mul, weights, steps)) for steps in by_loop)
        return are_injective(zip(self.sizes.values(), moves, strict=True))

    @property
    def padded(self) -> Shape:
        """The shape of the tensor with the padding that the access needs."""
        pads = zip(self.shape, self.padding, strict=True)
        return tuple(size + before + behind for size, (before, behind) in pads)

    @property
    def steps(self) -> tuple[tuple[int, ...], ...]:
        """By how much each loop moves along each axis."""
        return tuple(tuple(form.coefficient(s) for s in self.loops) for form in self.forms)

    @property
    def start(self) -> tuple[int, ...]:
        """The position where all loops are 0."""
        return tuple(form.constant for form in self.forms)

    @property
    def reshaped(self) -> tuple[Symbol, ...] | None:
        """The loops in the order in which a mere reshape of the tensor has them as axes.

        Each axis must count its own loops in mixed radix, as (i W + j) C + c does.
        """
        axes = [digits(form, self.sizes) for form in self.forms]
        found = [axis for axis in axes if axis is not None]
        order = [loop for axis in found for loop in axis]
        lengths = [number_of(shape_of(axis, self.sizes)) for axis in found]
        whole = lengths == [*self.shape] and len(order) == len(self.loops)
        return tuple(order) if whole else None


def leads_to_different_entries(target: Indexed, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether different values of the loops in a target surely are different entries.

    That is so where every loop is alone in an index, s i - p; quotients, remainders and entries
    as indices are not looked into.
    """
    if target.atoms(floor, Mod) or any(index.atoms(Indexed) for index in target.indices):
        return False
    access = Access.of(target, sizes)
    alone = {s for form in access.forms for s in form.coefficients if len(form.coefficients) == 1}
    if alone == set(access.loops):
        return True
    return not any(map(is_symbolic, (*access.shape, *access.sizes.values()))) and (
        access.is_injective
    )


def shape_of(order: Sequence[Symbol], sizes: Mapping[Symbol, Size]) -> Shape:
    """Return the sizes of loops."""
    return tuple(sizes[loop] for loop in order)


def digits(form: Affine, sizes: Mapping[Symbol, Size]) -> list[Symbol] | None:
    """Return the loops that an index counts in mixed radix, the slowest first, if it does."""
    left = [s for s in sizes if form.coefficient(s) != 0]
    order, expected = list[Symbol](), number_of([])
    while left:
        next_ones = [s for s in left if form.coefficient(s) == expected]
        fitting = next_ones or [s for s in left if sizes[s] == 1]
        if not fitting:
            return None
        order.append(fitting[-1])
        left.remove(order[-1])
        expected = number_of([expected, sizes[order[-1]]])
    return order[::-1] if form.constant == 0 else None


@lru_cache(maxsize=2**14)
def accesses(expression: Expr) -> tuple[Indexed, ...]:
    """Return the distinct tensor entries that an expression reads, in order."""
    found = (part for part in preorder_traversal(expression) if isinstance(part, Indexed))
    return tuple(dict.fromkeys(found))


def along_axes(read: Indexed) -> Iterable[tuple[Expr, Size]]:
    """Run over the indices of an access, each with the length of its axis."""
    return zip(read.indices, map(plain, read.shape), strict=True)
