"""PyTorch: axes that are split, merged, moved, sliced, concatenated and reduced."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Node
from symcnn.imports.operations.images import channels, repeated
from symcnn.imports.operations.reducing import norm, reduced
from symcnn.imports.operations.reshaping import (
    concatenable,
    concatenated,
    reshaped,
    selected,
    sliced,
    split,
    unsqueezed,
)
from symcnn.imports.operations.windows import pool
from symcnn.imports.placed import Placed
from symcnn.network.layers import ChannelShuffle, PixelShuffle, ReduceMean, ReduceSum

OPERATORS = Operators("aten.")


@OPERATORS.of(
    *(
        "view.default",
        "reshape.default",
        "reshape_as.default",
        "view_as.default",
        "flatten.using_ints",
        "unflatten.int",
    ),
    *(
        "_unsafe_view.default",
        "squeeze.default",
        "squeeze.dim",
        "squeeze.dims",
        "unsqueeze.default",
    ),
    *("squeeze_.dim", "unsqueeze_.default"),
)
def _reshape(b: Builder, n: Node) -> Placed:
    """The shape of the output says everything: the entries stay in order."""
    return reshaped(b, b.tensor(n, "self"), n.shape)


@OPERATORS.of("permute.default")
def _permute(b: Builder, n: Node) -> Placed:
    x = b.plain(b.tensor(n, "self"))
    return x.permuted(tuple(axis % len(x.stated) for axis in n.arguments["dims"]))


@OPERATORS.of("transpose.int")
def _transpose(b: Builder, n: Node) -> Placed:
    return _swapped(b, b.tensor(n, "self"), n.arguments["dim0"], n.arguments["dim1"])


@OPERATORS.of("t.default", "numpy_T.default")
def _t(b: Builder, n: Node) -> Placed:
    return _swapped(b, b.tensor(n, "self"), 0, 1)


def _swapped(b: Builder, x: Placed, first: int, second: int) -> Placed:
    x = b.plain(x)
    axes = [*range(len(x.stated))]
    axes[first], axes[second] = axes[second], axes[first]
    return x.permuted(tuple(axes))


@OPERATORS.of("expand.default", "expand_as.default", "broadcast_to.default")
def _expand(b: Builder, n: Node) -> Placed:
    return repeated(b, b.tensor(n, "self"), n.shape)


@OPERATORS.of("slice.Tensor")
def _slice(b: Builder, n: Node) -> Placed:
    x, axis = b.tensor(n, "self"), n.get("dim", 0)
    most = x.stated[axis]
    start, end = n.get("start", 0), min(n.get("end", most), most)
    return sliced(b, x, axis, start, end, n.get("step", 1))


@OPERATORS.of("narrow.default")
def _narrow(b: Builder, n: Node) -> Placed:
    start = n.arguments["start"]
    return sliced(b, b.tensor(n, "self"), n.arguments["dim"], start, start + n.arguments["length"])


@OPERATORS.of("select.int")
def _select(b: Builder, n: Node) -> Placed:
    return selected(b, b.tensor(n, "self"), n.arguments["dim"], n.arguments["index"])


@OPERATORS.of("unbind.int")
def _unbind(b: Builder, n: Node) -> Sequence[Placed]:
    x, axis = b.tensor(n, "self"), n.get("dim", 0)
    return [selected(b, x, axis, at) for at in range(x.stated[axis])]


@OPERATORS.of("chunk.default")
def _chunk(b: Builder, n: Node) -> Sequence[Placed]:
    x, axis = b.tensor(n, "self"), n.get("dim", 0)
    return _split_by(b, x, axis, ceil(x.stated[axis] / n.arguments["chunks"]))


@OPERATORS.of("split.Tensor")
def _split(b: Builder, n: Node) -> Sequence[Placed]:
    return _split_by(b, b.tensor(n, "self"), n.get("dim", 0), n.arguments["split_size"])


@OPERATORS.of("split_with_sizes.default", "split.sizes")
def _split_with_sizes(b: Builder, n: Node) -> Sequence[Placed]:
    sizes = n.get("split_sizes") or n.get("split_size")
    return split(b, b.tensor(n, "self"), n.get("dim", 0), sizes)


def _split_by(b: Builder, x: Placed, axis: int, size: int) -> Sequence[Placed]:
    length = x.stated[axis]
    return split(b, x, axis, [min(size, length - at) for at in range(0, length, size)])


@OPERATORS.of("cat.default")
def _cat(b: Builder, n: Node) -> Placed:
    return concatenated(b, _tensors(b, n), n.get("dim", 0))


@OPERATORS.of("stack.default")
def _stack(b: Builder, n: Node) -> Placed:
    axis = n.get("dim", 0)
    return concatenated(b, [unsqueezed(b, x, [axis]) for x in _tensors(b, n)], axis)


@OPERATORS.of("roll.default")
def _roll(b: Builder, n: Node) -> Placed:
    """The last entries along an axis come before the others."""
    x, axes = b.tensor(n, "self"), n.get("dims")
    if not axes:
        raise SymcnnError("all axes are rolled as one: name them")
    for axis, by in zip(axes, n.arguments["shifts"], strict=True):
        at = -by % x.stated[axis]
        x = concatenated(b, split(b, x, axis, [at, x.stated[axis] - at])[::-1], axis) if at else x
    return x


@OPERATORS.of("channel_shuffle.default", "native_channel_shuffle.default")
def _channel_shuffle(b: Builder, n: Node) -> Placed:
    return pool(b, b.batch(n, "self"), ChannelShuffle(n.arguments["groups"]))


@OPERATORS.of("pixel_shuffle.default")
def _pixel_shuffle(b: Builder, n: Node) -> Placed:
    return pool(b, b.batch(n, "self"), PixelShuffle(n.arguments["upscale_factor"]))


@OPERATORS.of("pixel_unshuffle.default")
def _pixel_unshuffle(b: Builder, n: Node) -> Placed:
    return channels(b, b.batch(n, "self"), n.arguments["downscale_factor"], (0, 1, 3, 5, 2, 4))


def _tensors(b: Builder, n: Node) -> list[Placed]:
    return concatenable(b, n, n.arguments["tensors"])


@OPERATORS.of("mean.dim", "mean.default", "sum.dim_IntList", "sum.default")
def _reduce(b: Builder, n: Node) -> Placed:
    layer: Any = ReduceMean if ".mean" in n.operator else ReduceSum
    x = b.tensor(n, "self")
    axes = n.get("dim") or range(len(x.stated))
    return reduced(b, x, layer, axes, n.get("keepdim", False))


@OPERATORS.of("linalg_vector_norm.default", "norm.ScalarOpt_dim", "norm.Scalar", "norm.default")
def _norm(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, "self")
    power, axes = n.get("ord", n.get("p", 2)), n.get("dim") or range(len(x.stated))
    return norm(b, x, power, axes, n.get("keepdim", False))
