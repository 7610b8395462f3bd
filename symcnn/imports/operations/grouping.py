"""Which axes of a reshaped tensor the old ones become, with the samples as one of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import NamedTuple

from symcnn.equations.notation import Shape
from symcnn.imports.placed import Order, Placed, channels_last


class Group(NamedTuple):
    """Neighbouring axes of the source that become others, with as many entries."""

    before: Order
    after: Order


class Apart(NamedTuple):
    """A shape of the source whose axis of samples is taken apart from others.

    Attributes:
        shape: The shape with the samples as an axis of their own.
        samples: Which axis that is.
        merged: How many axes before and behind it the source merges with it.
    """

    shape: Shape
    samples: int
    merged: tuple[int, int]


def apart(x: Placed, shape: Shape) -> Apart | None:
    """Return what a tensor becomes by a reshape, or None if that tears samples apart or has none.

    The entries stay in order, so that the samples stay behind as many of them.
    """
    count = x.shape[x.samples]
    made = _places(shape, prod(x.shape[: x.samples]), count) if 0 not in shape else ()
    return min(made, key=lambda way: (sum(way.merged), way.merged), default=None)


def _places(shape: Shape, start: int, count: int) -> Iterator[Apart]:
    """Yield each way to find so many samples behind so many entries, within one of the axes."""
    for axis, length in enumerate(shape):
        left, behind = divmod(start, prod(shape[:axis]))
        if behind == 0 and left > 0 and length % (left * count) == 0:
            right = length // (left * count)
            before, after = ([n] if n > 1 else [] for n in (left, right))
            made = (*shape[:axis], *before, count, *after, *shape[axis + 1 :])
            yield Apart(made, axis + len(before), (len(before), len(after)))


def groups(x: Placed, made: Apart) -> list[Group]:
    """Pair the axes of a tensor with those that they become, on both sides of the samples."""
    old, new = (range(len(shape)) for shape in (x.shape, made.shape))
    first = _pairs(x.shape, old[: x.samples], made.shape, new[: made.samples])
    return [
        *first,
        *_pairs(x.shape, old[x.samples + 1 :], made.shape, new[made.samples + 1 :]),
    ]


def _pairs(before: Shape, old: range, after: Shape, new: range) -> Iterator[Group]:
    """Pair the fewest axes that have the same number of entries."""
    i, j = 0, 0
    while i < len(old) or j < len(new):
        own, made = [*old[i : i + 1]], [*new[j : j + 1]]
        i, j = i + len(own), j + len(made)
        while (sizes := (_size(before, own), _size(after, made)))[0] != sizes[1]:
            if sizes[0] < sizes[1]:
                own.append(old[i])
                i += 1
            else:
                made.append(new[j])
                j += 1
        yield Group(tuple(own), tuple(made))


def _size(shape: Shape, axes: Sequence[int]) -> int:
    return prod(shape[axis] for axis in axes)


def runs(x: Placed, paired: Sequence[Group]) -> Order:
    """Return the axes with each group as one run, at the place of its last long axis."""

    def place(group: Group) -> int:
        long = [a for a in group.before if x.shape[a] > 1] or group.before
        return max((x.order.index(axis) for axis in long), default=0)

    found = sorted((group for group in paired if group.before), key=place)
    return (x.samples, *(axis for group in found for axis in group.before))


def new_order(x: Placed, paired: Sequence[Group], made: Apart) -> Order:
    """Return the order of the new axes: each group's where its old ones are."""
    found = runs(x, paired)
    ranked = sorted(paired, key=lambda g: found.index(g.before[0]) if g.before else len(found))
    return _preferred((made.samples, *(a for g in ranked for a in g.after)), made.shape)


def _preferred(order: Order, shape: Shape) -> Order:
    """Return the order with the channels last, if axes of length 1 alone are moved for it."""
    usual = channels_last(len(shape))
    own, other = ([a for a in o if shape[a] > 1] for o in (order, usual))
    return usual if order[0] == 0 and own == other else order
