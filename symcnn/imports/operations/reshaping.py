"""Reshaping in the order of the source: axes that are split, merged, added and left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from symcnn.equations.notation import dimensions
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations.grouping import Apart, Group, apart, groups, new_order, runs
from symcnn.imports.placed import Folded, Placed, with_last, with_length
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
            f"a reshape from {dimensions(x.stated)} to {dimensions(new)} tears samples apart: "
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
