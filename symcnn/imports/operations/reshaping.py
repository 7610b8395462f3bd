"""Reshaping in the order of the source: axes that are split, merged, added and left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod
from typing import Any, NamedTuple

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.placed import Folded, Order, Placed, channels_last, with_last
from symcnn.layers import AddParameter, Concatenate, Flatten, Reshape, Scale, Slice
from symcnn.notation import Shape, dimensions


class Group(NamedTuple):
    """Neighbouring axes of the source that become others, with as many entries."""

    before: Order
    after: Order


def reshaped(b: Builder, x: Placed, shape: Sequence[int]) -> Placed:
    """Return a tensor with the same entries in the source's order, and other axes.

    Axes of symcnn that are split or merged stay in their places, if their order allows it; what
    becomes a single axis keeps its entries where they are, and remembers their order.
    """
    new = tuple(shape)
    if new == x.shape:
        return x
    if x.samples != 0 or not new or new[0] != x.shape[0]:
        raise SymcnnError(
            f"a reshape from {dimensions(x.shape)} to {dimensions(new)} moves the axis of "
            "samples: keep it in front"
        )
    if len(new) == 2:
        return _flattened(b, x)
    groups = list(_groups(b.plain(x).shape, new))
    x = _together(b, b.plain(x), groups)
    order = _preferred(_order(x, groups), new)
    made = Placed(x.layer, new, order)
    if made.own_shape == x.own_shape:
        return made
    return replace(made, layer=b.add(Reshape(made.own_shape), [x]))


def _flattened(b: Builder, x: Placed) -> Placed:
    """Return a tensor with one axis beside the samples."""
    new = (x.shape[0], prod(x.shape[1:]))
    if len(x.shape) == 2:
        return x
    layer = b.add(Flatten(), [x])
    long = [axis for axis in x.order[1:] if x.shape[axis] > 1]
    if long == sorted(long):
        return Placed(layer, new, (0, 1))
    source = tuple(x.order.index(axis) - 1 for axis in range(1, len(x.shape)))
    return Placed(layer, new, (0, 1), Folded(x.own_shape, source))


def _groups(before: Shape, after: Shape) -> Iterator[Group]:
    """Pair the fewest axes that have the same number of entries, without those of samples."""
    i, j = 1, 1
    while i < len(before) or j < len(after):
        own, made = [i] if i < len(before) else [], [j] if j < len(after) else []
        i, j = i + len(own), j + len(made)
        while (sizes := (_size(before, own), _size(after, made)))[0] != sizes[1]:
            if sizes[0] < sizes[1]:
                own.append(i)
                i += 1
            else:
                made.append(j)
                j += 1
        yield Group(tuple(own), tuple(made))


def _size(shape: Shape, axes: Sequence[int]) -> int:
    return prod(shape[axis] for axis in axes)


def _together(b: Builder, x: Placed, groups: Sequence[Group]) -> Placed:
    """Return a tensor in which the axes of each group are neighbours, in the source's order."""
    long = [axis for axis in x.order if x.shape[axis] > 1]
    wanted = _runs(x, groups)
    return x if [a for a in wanted if x.shape[a] > 1] == long else b.ordered(x, wanted)


def _runs(x: Placed, groups: Sequence[Group]) -> Order:
    """Return the axes with each group as one run, at the place of its last long axis."""

    def place(group: Group) -> int:
        long = [a for a in group.before if x.shape[a] > 1] or group.before
        return max((x.order.index(axis) for axis in long), default=0)

    runs = sorted((group for group in groups if group.before), key=place)
    return (0, *(axis for group in runs for axis in group.before))


def _order(x: Placed, groups: Sequence[Group]) -> Order:
    """Return the order of the new axes: each group's where its old ones are."""
    runs = _runs(x, groups)
    ranked = sorted(groups, key=lambda g: runs.index(g.before[0]) if g.before else len(runs))
    return (0, *(axis for group in ranked for axis in group.after))


def _preferred(order: Order, shape: Shape) -> Order:
    """Return the order with the channels last, if axes of length 1 alone are moved for it."""
    usual = channels_last(len(shape))
    own, other = ([a for a in o if shape[a] > 1] for o in (order, usual))
    return usual if own == other else order


def squeezed(b: Builder, x: Placed, axes: Sequence[int]) -> Placed:
    """Return a tensor without some axes of length 1."""
    gone = {axis % len(x.shape) for axis in axes}
    shape = tuple(n for axis, n in enumerate(x.shape) if axis not in gone)
    if x.samples == 0:
        return reshaped(b, x, shape)
    left = [axis for axis in range(len(x.shape)) if axis not in gone]
    made = Placed(x.layer, shape, tuple(left.index(a) for a in x.order if a not in gone))
    return replace(made, layer=b.add(Reshape(made.own_shape), [x]))


def unsqueezed(b: Builder, x: Placed, axes: Sequence[int]) -> Placed:
    """Return a tensor with further axes of length 1, at these places of the result."""
    rank = len(x.shape) + len(axes)
    new, old = {axis % rank for axis in axes}, iter(x.shape)
    return reshaped(b, x, [1 if axis in new else next(old) for axis in range(rank)])


def sliced(b: Builder, x: Placed, axis: int, start: int, stop: int, step: int = 1) -> Placed:
    """Return every step-th entry along an axis, from start to below stop."""
    x, axis = b.plain(x), axis % len(x.shape)
    start, stop, step = slice(start, stop, step).indices(x.shape[axis])
    length = len(range(start, stop, step))
    if length == x.shape[axis] and step == 1:
        return x
    if axis == x.samples:
        raise SymcnnError("the samples are sliced: import the network for those samples alone")
    if not length or step < 0:
        raise SymcnnError("nothing, or a reversed axis, is left of it: slice forwards")
    shape = (*x.shape[:axis], length, *x.shape[axis + 1 :])
    layer = b.add(Slice(x.position(axis), start, stop, step), [x])
    return replace(x, layer=layer, shape=shape)


def selected(b: Builder, x: Placed, axis: int, at: int) -> Placed:
    """Return one entry along an axis, which is left out."""
    axis, at = axis % len(x.shape), at % x.shape[axis % len(x.shape)]
    return squeezed(b, sliced(b, x, axis, at, at + 1), [axis])


def split(b: Builder, x: Placed, axis: int, lengths: Sequence[int]) -> list[Placed]:
    """Return parts of an axis, one after the other."""
    ends = [sum(lengths[: n + 1]) for n in range(len(lengths))]
    return [sliced(b, x, axis, end - n, end) for n, end in zip(lengths, ends, strict=True)]


def concatenated(b: Builder, xs: Sequence[Placed], axis: int) -> Placed:
    """Return tensors one behind the other along an axis."""
    if len(xs) == 1:
        return xs[0]
    first = b.plain(xs[0])
    axis %= len(first.shape)
    if axis == first.samples:
        raise SymcnnError("samples are concatenated: import the network without that")
    order = with_last(first.order, axis)
    parts = [b.ordered(x, order) for x in xs]
    length = sum(part.shape[axis] for part in parts)
    shape = (*first.shape[:axis], length, *first.shape[axis + 1 :])
    return Placed(b.add(Concatenate(), parts), shape, order)


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
