"""Reshaping in the order of the source: axes that are split, merged, added and left out.

Which axes of a reshaped tensor the old ones become is found with the samples as one of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any, NamedTuple

from symcnn.equations.notation import Shape, dimensions
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.placed import Folded, Order, Placed, channels_last, with_last, with_length
from symcnn.network.layers import AddParameter, Concatenate, Flatten, Reshape, Scale, Slice


def reshaped(b: Builder, x: Placed, shape: Sequence[int]) -> Placed:
    """Return a tensor with the same entries in the source's order, and other axes.

    Axes of symcnn that are split or merged stay in their places, if their order allows it; what
    becomes a single axis keeps its entries where they are, and remembers their order. Axes that
    the source merges with that of the samples stay apart from it.
    """
    new = tuple(shape)
    if new == x.stated:
        return x
    made = apart(x, new)
    if made is None and x.shape[x.samples] == 1:
        x = x.in_front()
        made = apart(x, new)
    if made is None:
        raise SymcnnError(
            f"a reshape from {dimensions(x.stated)} to {dimensions(new)} splits samples: "
            "keep the axis of samples whole"
        )
    if (made.shape, made.samples) == (x.shape, x.samples):
        return replace(x, merged=made.merged)
    if len(made.shape) == 2 and x.samples == made.samples == 0:
        return replace(_flattened(b, x), merged=made.merged)
    return _regrouped(b, b.plain(x), made)


def _flattened(b: Builder, x: Placed) -> Placed:
    """Return a tensor with one axis beside the samples."""
    new = (x.shape[0], prod(x.shape[1:]))
    layer = b.add(Flatten(), [x])
    long = [axis for axis in x.order[1:] if x.shape[axis] > 1]
    if long == sorted(long):
        return Placed(layer, new, (0, 1))
    source = tuple(x.order.index(axis) - 1 for axis in range(1, len(x.shape)))
    return Placed(layer, new, (0, 1), Folded(x.own_shape, source))


def _regrouped(b: Builder, x: Placed, made: Apart) -> Placed:
    """Return a tensor with its axes in other groups."""
    paired = groups(x, made)
    x = _together(b, x, paired)
    new = Placed(x.layer, made.shape, new_order(x, paired, made), merged=made.merged)
    if new.own_shape == x.own_shape:
        return new
    return replace(new, layer=b.add(Reshape(new.own_shape), [x]))


def _together(b: Builder, x: Placed, paired: Sequence[Group]) -> Placed:
    """Return a tensor in which the axes of each group are neighbours, in the source's order."""
    long = [axis for axis in x.order if x.shape[axis] > 1]
    wanted = runs(x, paired)
    return x if [a for a in wanted if x.shape[a] > 1] == long else b.ordered(x, wanted)


def squeezed(b: Builder, x: Placed, axes: Sequence[int]) -> Placed:
    """Return a tensor without some axes of length 1."""
    gone = {axis % len(x.stated) for axis in axes}
    return reshaped(b, x, [n for axis, n in enumerate(x.stated) if axis not in gone])


def unsqueezed(b: Builder, x: Placed, axes: Sequence[int]) -> Placed:
    """Return a tensor with further axes of length 1, at these places of the result."""
    rank = len(x.stated) + len(axes)
    new, old = {axis % rank for axis in axes}, iter(x.stated)
    return reshaped(b, x, [1 if axis in new else next(old) for axis in range(rank)])


def sliced(b: Builder, x: Placed, axis: int, start: int, stop: int, step: int = 1) -> Placed:
    """Return every step-th entry along an axis, from start to below stop."""
    x, length = b.plain(x), x.stated[axis]
    start, stop, step = slice(start, stop, step).indices(length)
    left = len(range(start, stop, step))
    if left == length and step == 1:
        return x
    axis = x.axis(axis)
    if axis == x.samples:
        raise SymcnnError("the samples are sliced: import the network for those samples alone")
    if not left or step < 0:
        raise SymcnnError("nothing, or a reversed axis, is left of it: slice forwards")
    layer = b.add(Slice(x.position(axis), start, stop, step), [x])
    return replace(x, layer=layer, shape=with_length(x.shape, axis, left))


def selected(b: Builder, x: Placed, axis: int, at: int) -> Placed:
    """Return one entry along an axis, which is left out."""
    at %= x.stated[axis]
    return squeezed(b, sliced(b, x, axis, at, at + 1), [axis])


def split(b: Builder, x: Placed, axis: int, lengths: Sequence[int]) -> list[Placed]:
    """Return parts of an axis, one after the other."""
    ends = [sum(lengths[: n + 1]) for n in range(len(lengths))]
    return [sliced(b, x, axis, end - n, end) for n, end in zip(lengths, ends, strict=True)]


def together(b: Builder, xs: Sequence[Placed]) -> list[Placed]:
    """Return tensors with the samples in the same place, merged with the same axes."""
    first = b.plain(xs[0])
    return [first, *(_alike(b, b.plain(x), first) for x in xs[1:])]


def _alike(b: Builder, x: Placed, first: Placed) -> Placed:
    at = first.samples - first.merged[0]
    beside = first.shape[at : first.samples + first.merged[1] + 1]
    if x.samples - x.merged[0] != at or x.stated[at] != first.stated[at]:
        raise SymcnnError("the samples are not at the same place in all: keep them in front")
    made = reshaped(b, x, (*x.stated[:at], *beside, *x.stated[at + 1 :]))
    return replace(made, merged=first.merged)


def concatenated(b: Builder, xs: Sequence[Placed], axis: int) -> Placed:
    """Return tensors one behind the other along an axis."""
    if len(xs) == 1:
        return xs[0]
    if xs[0].axis(axis) == xs[0].samples:
        raise SymcnnError("samples are concatenated: import the network without that")
    first, *others = together(b, xs)
    axis = first.axis(axis)
    order = with_last(first.order, axis)
    parts = [b.ordered(x, order) for x in (first, *others)]
    shape = with_length(first.shape, axis, sum(part.shape[axis] for part in parts))
    return replace(first, layer=b.add(Concatenate(), parts), shape=shape, order=order)


def concatenable(b: Builder, n: Node, given: Sequence[Any]) -> list[Placed]:
    """Return tensors that are concatenated; a learned token is added to a multiple 0 of another."""
    xs = [b.tensor_of(n, ref) for ref in given if isinstance(ref, Ref)]
    if not xs:
        n.refused("no tensor depends on the input", "change the module there")
    return [b.tensor_of(n, g) if isinstance(g, Ref) else _token(b, xs[0], g, n) for g in given]


def _token(b: Builder, x: Placed, constant: Any, n: Node) -> Placed:
    """Return a constant with an entry for all samples as a tensor that depends on the input."""
    x, rank = b.plain(x), len(x.shape)
    same = isinstance(constant, Constant) and constant.array.ndim == rank and x.samples == 0
    same = same and x.merged == (0, 0)
    if not same or not (constant.array == constant.array[:1]).all():
        n.refused("a constant differs between samples", "give one for all samples")
    for axis in range(1, rank):
        x = sliced(b, x, axis, 0, constant.array.shape[axis])
    if x.shape[1:] != constant.array.shape[1:]:
        n.refused("a constant is longer than what it is put beside", "put a shorter one there")
    nothing = replace(x, layer=b.add(Scale(0), [x], part="nothing"))
    order = tuple(axis - 1 for axis in x.order[1:])
    own = constant.moved(lambda array: array[0].transpose(order))
    token = b.add(AddParameter(own.array.shape), [nothing], {"bias": own}, part="token")
    return replace(x, layer=token)


class Group(NamedTuple):
    """Neighbouring axes of the source that become others, with as many entries."""

    before: Order
    after: Order


class Apart(NamedTuple):
    """A shape of the source whose axis of samples is taken apart from others."""

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
    return [*first, *_pairs(x.shape, old[x.samples + 1 :], made.shape, new[made.samples + 1 :])]


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
