"""ONNX: operators that move entries, which are run on their numbers, that add them, and resize."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import defs, helper

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref, refs
from symcnn.imports.onnx.evaluator import evaluator_of
from symcnn.imports.operations.einsums import einsum, explicit
from symcnn.imports.operations.entrywise import combined, shifted
from symcnn.imports.operations.linear import cumulated, triangle
from symcnn.imports.operations.moving import gathered, moved, moved_with
from symcnn.imports.operations.reshaping import selected
from symcnn.imports.operations.scattering import Patches, folded, scattered
from symcnn.imports.placed import Placed
from symcnn.network import layers


def alone(n: Node, tensors: Sequence[Array], changed: Mapping[str, Any] | None = None) -> Any:
    """Return the first output of a node for arrays in place of the tensors that it reads.

    Args:
        n: The node.
        tensors: The arrays, in the order in which it reads tensors.
        changed: Arguments in place of its own, by name; those that are None are left out.
    """
    given = {**n.arguments, **(changed or {})}
    schema, left = defs.get_schema(n.operator, given["opset"]), iter(tensors)
    names, arrays = list[str](), dict[str, Array]()
    for key in (declared.name for declared in schema.inputs):
        listed = given.get(key)
        for at, value in enumerate(listed if isinstance(listed, list) else [listed]):
            names.append("" if value is None else f"{key}{at}")
            if value is not None:
                arrays[names[-1]] = _array(value, left)
    while names and not names[-1]:
        names.pop()
    settings = {k: given[k] for k in schema.attributes if given.get(k) is not None}
    node = helper.make_node(n.operator, names, ["made"], **settings)
    inputs = [onnx.ValueInfoProto(name=name) for name in arrays]
    graph = helper.make_graph([node], "alone", inputs, [onnx.ValueInfoProto(name="made")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", given["opset"])])
    return evaluator_of(model, given["opset"]).run(None, arrays)[0]


def _array(value: Any, left: Any) -> Array:
    if isinstance(value, Ref):
        return np.asarray(next(left), dtype=np.float64)
    return value.array if isinstance(value, Constant) else np.asarray(value)


OPERATORS = Operators()


@OPERATORS.of("Tile", "GatherElements", "GatherND", "ReverseSequence", "Compress", "CenterCropPad")
def _move(b: Builder, n: Node) -> Placed:
    _check_constant(n)
    xs = [b.tensor_of(n, ref) for ref in refs([*n.arguments.values()])]
    return moved(b, xs, lambda *arrays: alone(n, arrays))


def _check_constant(n: Node) -> None:
    """Refuse what moves entries to places that follow from the input."""
    for key in ("indices", "repeats", "sequence_lens", "condition", "shape"):
        if isinstance(n.get(key), Ref):
            n.refused(f"{key} is computed from the input", "use a constant")


@OPERATORS.of("Gather")
def _gather(b: Builder, n: Node) -> Placed:
    x, axis, at = b.tensor(n, "data"), n.get("axis", 0), b.array(n, "indices").array
    return selected(b, x, axis, int(at)) if at.ndim == 0 else gathered(b, x, axis, at)


@OPERATORS.of("ScatterElements", "ScatterND", "Scatter")
def _scatter(b: Builder, n: Node) -> Placed:
    """Entries replace others, or are added to them."""
    _check_constant(n)
    way = n.get("reduction", "none")
    if way == "none":
        return _replaced(b, n)
    if way != "add":
        raise SymcnnError(f"entries are combined by {way}: add them, or replace others")
    x, updates, indices = n.arguments["data"], n.arguments["updates"], b.array(n, "indices").array
    start = b.tensor_of(n, x) if isinstance(x, Ref) else x
    if isinstance(updates, Constant):
        return shifted(b, b.tensor_of(n, x), Constant(alone(n, [np.zeros(n.shape)])))
    made = scattered(b, b.tensor_of(n, updates), n.shape, lambda to: _read(n, to, indices))
    if isinstance(start, Placed):
        return combined(b, [start, made], layers.Add())
    return shifted(b, made, start) if start.array.any() else made


def _read(n: Node, number: Array, indices: Array) -> Array:
    """Return where an operator puts its updates, as numbers of the entries there."""
    if n.operator == "ScatterND":
        chosen: Array = number[tuple(np.moveaxis(indices, -1, 0))]
        return chosen
    axis = n.get("axis", 0)
    found: Array = np.take_along_axis(_cut(number, indices.shape, axis), indices, axis)
    return found


def _cut(number: Array, shape: tuple[int, ...], axis: int) -> Array:
    """Return the first entries along all axes but one."""
    axis %= number.ndim
    return number[tuple(slice(None) if a == axis else slice(n) for a, n in enumerate(shape))]


def _replaced(b: Builder, n: Node) -> Placed:
    given = {key: n.arguments[key] for key in ("data", "updates")}
    xs = [b.tensor_of(n, value) for value in given.values() if isinstance(value, Ref)]
    constants = {k: v.array for k, v in given.items() if isinstance(v, Constant)}

    def move(arrays: Sequence[Array], numbers: Mapping[str, Array]) -> Array:
        made: Array = alone(n, arrays, {key: Constant(a) for key, a in numbers.items()})
        return made

    return moved_with(b, xs, move, constants)


@OPERATORS.of("Trilu")
def _triangle(b: Builder, n: Node) -> Placed:
    k = b.constant(n, "k")
    kept = np.triu if n.get("upper", 1) else np.tril
    return triangle(b, b.tensor(n, "input"), kept, 0 if k is None else int(k.array.item()))


@OPERATORS.of("CumSum")
def _cumulative(b: Builder, n: Node) -> Placed:
    axis = int(b.array(n, "axis").array.item())
    exclusive, reverse = (bool(n.get(key, 0)) for key in ("exclusive", "reverse"))
    return cumulated(b, b.tensor(n, "x"), axis, exclusive=exclusive, reverse=reverse)


@OPERATORS.of("Einsum")
def _einsum(b: Builder, n: Node) -> Placed:
    given = n.arguments["Inputs"]
    xs = [b.tensor_of(n, v) if isinstance(v, Ref) else v for v in given]
    ranks = [len(x.stated) if isinstance(x, Placed) else x.array.ndim for x in xs]
    return einsum(b, explicit(n.arguments["equation"], ranks), xs)


@OPERATORS.of("Col2Im")
def _fold(b: Builder, n: Node) -> Placed:
    sizes, block = n.integers("image_shape") or [], n.integers("block_shape") or []
    axes = len(sizes)
    stride, dilation = (n.get(key) or [1] * axes for key in ("strides", "dilations"))
    pads = n.get("pads") or [0] * 2 * axes
    sides = [*zip(pads[:axes], pads[axes:], strict=True)]
    return folded(b, b.tensor(n, "input"), sizes, Patches(block, stride, dilation, sides))


def weights(n: Node, x: Placed, axis: int) -> Array:
    """Return what each entry along an axis becomes when it is resized, as ``Resize`` computes it.

    Raises:
        SymcnnError: If something is added that is no entry of the image.
    """
    length, made, rank, roi = x.shape[axis], n.shape[axis], len(x.shape), n.get("roi")
    axes = [a % rank for a in n.get("axes") or range(rank)]
    crops = n.get("coordinate_transformation_mode") == "tf_crop_and_resize"
    if axis not in axes or (length == made and not crops):
        return np.eye(length)
    changed: dict[str, Any] = {"axes": None, "sizes": None, "scales": None}
    changed["keep_aspect_ratio_policy"] = None
    scales, at = n.get("scales"), axes.index(axis)
    if isinstance(scales, Constant) and scales.array.size:
        changed["scales"] = np.array([1, scales.array[at]], dtype=np.float32)
    else:
        changed["sizes"] = np.array([length, made])
    if isinstance(roi, Constant) and roi.array.size:
        changed["roi"] = np.array([0, roi.array[at], 1, roi.array[at + len(axes)]])
    found: Array = np.asarray(alone(n, [np.eye(length)], changed), dtype=np.float64)
    if found.shape != (length, made) or alone(n, [np.zeros((length, length))], changed).any():
        raise SymcnnError("entries beyond the image are taken: resize all of it, by sizes")
    return found.T
