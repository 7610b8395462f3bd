"""Targets whose entries have several terms: += on shifted views.

    T[s i + u - p]    is    for every u:  T[s i + u - p over i] += terms[u]

so that no two entries of a view are the same number of T. Terms that fall outside of the
target go to a larger array, of which the middle is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from symcnn.equations import Equation
from symcnn.equations.access import Access
from symcnn.programs.backends.numpy.arrays import Operand
from symcnn.programs.backends.numpy.layout import Layout, Layouts, Reach, enlarged, strided
from symcnn.programs.backends.numpy.statements import AddAll, Apply, Copy, Fill, Statement
from symcnn.programs.backends.numpy.strided import Loops, Strided


@dataclass(frozen=True)
class Target:
    """Where the terms of an equation go.

    Attributes:
        layout: The target's layout.
        access: The entries that the terms go to, over the equation's loops.
        reach: How far these lie outside of it, before and behind each axis.
    """

    layout: Layout
    access: Strided
    reach: Reach

    @classmethod
    def of(cls, layouts: Layouts, equation: Equation) -> Target:
        """Return where the terms of an equation go."""
        layout = layouts[equation.target.base]
        reach = Access.of(equation.target, equation.sizes).padding
        return cls(layout, strided(layout, equation.target, equation.sizes), reach)

    @property
    def fits(self) -> bool:
        """Whether no term falls outside of the target."""
        return not any(map(any, self.reach))

    @property
    def has_one_term_each(self) -> bool:
        """Whether no entry of the target has more than one term."""
        return self.fits and self.access.is_injective

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the target has exactly one term."""
        return self.has_one_term_each and self.access.size == self.layout.array.size

    def enlarged(self, equation: Equation) -> Target:
        """Return a larger target that all terms fit into."""
        layout = enlarged(self.layout, self.reach, "enlarged")
        before = tuple(low for low, _ in self.reach)
        access = strided(layout, equation.target, equation.sizes, before)
        return replace(self, layout=layout, access=access)

    def crop(self, large: Target, function: str | None) -> Statement:
        """Take the middle of a larger target."""
        shape, order = self.layout.shape, large.layout.in_memory
        middle = large.layout.middle(shape, order, [low for low, _ in self.reach])
        return bring(middle, self.layout.middle(shape, order), function)


def shift(shares: Strided, target: Target) -> Iterator[Statement]:
    """Set a target to the sum of the shares that go to its entries."""
    place = target.access
    moving = unrolled(place)
    rest = [loop for loop in shares.in_memory if loop not in moving]
    yield Fill(target.layout.array.all, "0")
    yield AddAll(
        place.grids(moving, rest, place.array, "_places"),
        shares.grids(moving, rest, shares.array, "_each"),
    )


def bring(share: Operand, place: Operand, function: str | None) -> Statement:
    """Copy a share to its place, or combine it with what is there."""
    return Copy(place, share) if function is None else Apply(function, (place, share), place)


def unrolled(access: Strided) -> Loops:
    """Return the loops to run one value after the other: the fewest steps that suffice."""
    counts = range(len(access.sizes) + 1)
    choices: Iterator[Loops] = (c for n in counts for c in combinations(access.sizes, n))
    safe = (c for c in choices if access.without(c).is_injective)
    return min(safe, key=lambda c: prod(access.sizes[loop] for loop in c))
