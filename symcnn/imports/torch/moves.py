"""PyTorch: operators that move entries, which are run on their numbers, and that add them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref, refs
from symcnn.imports.operations.elementwise import chosen
from symcnn.imports.operations.entrywise import Operand, applied, combined, shifted
from symcnn.imports.operations.linear import triangle
from symcnn.imports.operations.moving import moved, moved_with
from symcnn.imports.operations.reshaping import (
    concatenable,
    concatenated,
    reshaped,
    sliced,
    unsqueezed,
)
from symcnn.imports.operations.scattering import Patches, folded, scattered, unfolded
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators("aten.")

_MOVES = """
    flip.default fliplr.default flipud.default rot90.default roll.default index.Tensor
    index_select.default gather.default take_along_dim.default take.default repeat.default
    repeat_interleave.self_int repeat_interleave.self_Tensor tile.default
    movedim.int movedim.intlist moveaxis.int moveaxis.intlist
    swapaxes.default swapdims.default mT.default mH.default adjoint.default
    slice_scatter.default select_scatter.default diagonal_scatter.default index_copy.default
    index_copy_.default index_fill.int_Scalar index_fill_.int_Scalar
    scatter.src scatter.value scatter_.src scatter_.value diagonal.default
    diag_embed.default unfold.default
    atleast_1d.default atleast_2d.default atleast_3d.default
"""
"""Operators whose output has entries of what they read, or one constant."""

_PARTS = """
    tensor_split.sections tensor_split.indices hsplit.int hsplit.array dsplit.int dsplit.array
    unsafe_chunk.default unsafe_split.Tensor unsafe_split_with_sizes.default
"""
"""Operators that return several parts of a tensor."""


def alone(n: Node, tensors: Sequence[Array], given: Mapping[str, Any]) -> Any:
    """Return what an operator makes of these arrays in place of the tensors that it reads."""
    import torch

    from symcnn.imports.torch.running import called

    _, packet, overload = n.operator.split(".")
    function = getattr(getattr(torch.ops.aten, packet), overload)
    left = iter(tensors)

    def put(value: Any) -> Any:
        if isinstance(value, Ref):
            return torch.from_numpy(np.asarray(next(left)).astype(np.float64))
        if isinstance(value, Constant):
            return torch.from_numpy(value.array.copy())
        return [put(part) for part in value] if isinstance(value, list) else value

    return called(function, {key: put(value) for key, value in given.items()})


def _constants(n: Node) -> dict[str, Array]:
    """Return the numbers that are put between the entries that are moved."""
    found: dict[str, Array] = {}
    for key, value in n.arguments.items():
        if isinstance(value, Constant) and value.array.dtype.kind == "f":
            found[key] = value.array
        elif key == "value" and isinstance(value, int | float):
            found[key] = np.array(value)
    return found


_COMPUTED = "indices are computed from the input"


def _move(b: Builder, n: Node) -> Placed:
    if any(refs([n.get(key) for key in ("indices", "index")])):
        n.refused(_COMPUTED, "use constant ones, or torch.where")

    def move(arrays: Sequence[Array], numbers: Mapping[str, Array]) -> Any:
        arrays_of = {key for key in numbers if numbers[key].ndim or key == "values"}
        put = {k: Constant(a) if k in arrays_of else a.item() for k, a in numbers.items()}
        return alone(n, arrays, {**n.arguments, **put})

    return moved_with(b, _read(b, n), move, _constants(n))


def _parts(b: Builder, n: Node) -> Sequence[Placed]:
    xs = _read(b, n)

    def part(at: int) -> Placed:
        return moved(b, xs, lambda *arrays: alone(n, arrays, n.arguments)[at])

    return [part(at) for at in range(len(n.shapes))]


def _read(b: Builder, n: Node) -> list[Placed]:
    return [b.tensor_of(n, ref) for ref in refs([*n.arguments.values()])]


OPERATORS.of(*_MOVES.split())(_move)
OPERATORS.of(*_PARTS.split())(_parts)


@OPERATORS.of("hstack.default", "vstack.default", "dstack.default", "column_stack.default")
def _side_by_side(b: Builder, n: Node) -> Placed:
    axis = {"hstack": 1, "vstack": 0, "dstack": 2, "column_stack": 1}[n.operator.split(".")[1]]
    parts = concatenable(b, n, n.arguments["tensors"])
    if any(len(x.stated) <= axis for x in parts):
        raise SymcnnError("tensors with too few axes are put together: use torch.cat")
    return concatenated(b, parts, axis)


@OPERATORS.of("tril.default", "triu.default", "tril_.default", "triu_.default")
def _triangle(b: Builder, n: Node) -> Placed:
    kept = np.tril if "tril" in n.operator else np.triu
    return triangle(b, b.tensor(n, "self"), kept, n.get("diagonal", 0))


def _plus(b: Builder, start: Operand, x: Placed) -> Placed:
    if isinstance(start, Placed):
        return combined(b, [start, x], layers.Add())
    return shifted(b, x, start) if start.array.any() else x


def _adding(move: Callable[[Node, Array], Array]) -> Callable[[Builder, Node], Placed]:
    """Return an operation that adds entries to those that a move of its first argument reads."""

    def operation(b: Builder, n: Node) -> Placed:
        x = b.tensor(n, "source", "src", "values")
        start = b.operand(n, "self")
        if "index" in n.arguments and "src" in n.arguments:
            for axis, length in enumerate(n.arguments["index"].array.shape):
                x = sliced(b, x, axis, 0, length)
        shape = start.stated if isinstance(start, Placed) else start.array.shape
        made = scattered(b, x, shape, lambda number: move(n, number))
        if (alpha := n.get("alpha", 1)) != 1:
            made = applied(b, made, layers.Scale(alpha))
        return _plus(b, start, made)

    return operation


def _index(n: Node) -> Array:
    found = n.arguments["index"]
    if not isinstance(found, Constant):
        n.refused(_COMPUTED, "use constant ones")
    return found.array


def _selecting(n: Node, number: Array) -> Array:
    return np.take(number, _index(n), axis=n.arguments["dim"])


def _along(n: Node, number: Array) -> Array:
    import torch

    index = torch.from_numpy(_index(n))
    found: Array = torch.from_numpy(number).gather(n.arguments["dim"], index).numpy()
    return found


def _at_indices(n: Node, number: Array) -> Array:
    given = n.arguments["indices"]
    if any(refs(given)):
        n.refused(_COMPUTED, "use constant ones")
    return number[tuple(slice(None) if i is None else i.array for i in given)]


OPERATORS.of("index_add.default", "index_add_.default")(_adding(_selecting))
OPERATORS.of("scatter_add.default", "scatter_add_.default")(_adding(_along))


@OPERATORS.of("index_put.default", "index_put_.default")
def _put(b: Builder, n: Node) -> Placed:
    if n.get("accumulate", False):
        return _adding(_at_indices)(b, n)
    given = n.arguments["indices"]
    return _filled(b, n, given) if any(refs(given)) else _move(b, n)


def _filled(b: Builder, n: Node, given: Sequence[Any]) -> Placed:
    """Return a tensor in which a number stands wherever a mask holds, y[y > 1] = 1."""
    x, values = b.tensor(n, "self"), n.arguments["values"]
    mask = b.placed.get(given[0].name) if len(given) == 1 else None
    is_mask = mask is not None and mask.stated == x.stated[: len(mask.stated)]
    if mask is None or not is_mask or not isinstance(values, Constant) or values.array.size > 1:
        n.refused(_COMPUTED, "use constant ones, or torch.where")
    mask = unsqueezed(b, mask, range(len(mask.stated), len(x.stated)))
    return chosen(b, mask, values.moved(lambda array: array.reshape(())), x)


@OPERATORS.of("copy_.default")
def _copied(b: Builder, n: Node) -> Placed:
    x, made = b.tensor(n, "self"), b.tensor(n, "src")
    if made.stated != x.stated:
        raise SymcnnError("another shape is written: expand it before")
    return made


def _patches(n: Node) -> Patches:
    settings = (n.arguments[key] for key in ("kernel_size", "stride", "dilation", "padding"))
    kernel, stride, dilation, pads = settings
    return Patches(kernel, stride, dilation, [(pad, pad) for pad in pads])


@OPERATORS.of("im2col.default")
def _unfold(b: Builder, n: Node) -> Placed:
    """Without an axis of channels, each channel is a sample."""
    x = b.tensor(n, "self")
    images = reshaped(b, x, (x.stated[0], 1, *x.stated[1:]) if len(x.stated) == 3 else x.stated)
    return reshaped(b, unfolded(b, images, _patches(n)), n.shape)


@OPERATORS.of("col2im.default")
def _fold(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, "self")
    if len(x.stated) == 2:
        raise SymcnnError("its input has no axis of samples: give x.unsqueeze(0), one sample")
    return folded(b, x, n.arguments["output_size"], _patches(n))
