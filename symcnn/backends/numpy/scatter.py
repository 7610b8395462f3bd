"""Targets whose entries have several terms: += on shifted views.

    T[s i + u - p]    is    for every u:  T[s i + u - p over i] += terms[u]

so that no two entries of a view are the same number of T. Terms that fall outside of the
target go to a larger array, of which the middle is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from sympy import Symbol

from symcnn.backends.numpy.im2col import Loops
from symcnn.backends.numpy.layout import Room, outside, strided
from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import AddAll, Apply, Copy, Fill
from symcnn.backends.numpy.strided import Strided
from symcnn.equations import Equation

Reach = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Target:
    """Where the terms of an equation go.

    Attributes:
        room: The target's room.
        access: The entries that the terms go to, over the equation's loops.
        reach: How far these lie outside of it, before and behind each axis.
    """

    room: Room
    access: Strided
    reach: Reach

    @classmethod
    def of(cls, space: Space, equation: Equation) -> Target:
        """Return where the terms of an equation go."""
        room = space.rooms[equation.target.base]
        reach = outside(equation.target, equation.sizes)
        return cls(room, strided(room, equation.target, equation.sizes), reach)

    @property
    def fits(self) -> bool:
        """Whether no term falls outside of the target."""
        return not any(map(any, self.reach))

    @property
    def is_apart(self) -> bool:
        """Whether no entry of the target has more than one term."""
        return self.fits and self.access.is_injective

    @property
    def is_whole(self) -> bool:
        """Whether every entry of the target has exactly one term."""
        return self.is_apart and self.access.size == prod(self.room.shape)

    def enlarged(self, space: Space, equation: Equation) -> Target:
        """Return a larger target that all terms fit into."""
        room = space.with_border(self.room, self.reach, f"{self.room.array}_room", "")
        before = tuple(low for low, _ in self.reach)
        access = strided(room, equation.target, equation.sizes, before)
        return replace(self, room=room, access=access)

    def crop(self, space: Space, large: Target, function: str | None) -> None:
        """Take the middle of a larger target."""
        middle = space.middle(large.room, self.room, large.room, self.reach)
        bring(space, middle, space.middle(self.room, self.room, large.room), function)


def shift(space: Space, shares: Strided, target: Target) -> None:
    """Set a target to the sum of the shares that go to its entries."""
    place = target.access
    moving = _unrolled(place)
    rest = [loop for loop in shares.in_memory if loop not in moving]
    space.do(Fill(target.room.array, "0"))
    space.do(
        AddAll(
            space.views(f"{place.array}_places", place, moving, rest),
            space.views(f"{shares.array}_apart", shares, moving, rest),
        )
    )


def bring(space: Space, share: str, place: str, function: str | None) -> None:
    """Copy a share to its place, or combine it with what is there."""
    if function is None:
        space.do(Copy(place, share))
    else:
        space.do(Apply(function, (place, share), place))


def _unrolled(access: Strided) -> Loops:
    """Return the loops to run one value after the other: the fewest steps that suffice."""
    loops: tuple[Symbol, ...] = access.loops
    choices = (c for count in range(len(loops) + 1) for c in combinations(loops, count))
    safe = (c for c in choices if access.without(c).is_injective)
    return min(safe, key=lambda c: prod(access.sizes[loop] for loop in c))
