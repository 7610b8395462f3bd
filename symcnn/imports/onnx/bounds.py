"""How large a model is, before anything is computed: some bytes can claim any number of entries.

What a model claims is its nodes, with functions put where they are called, and its arrays. How
large the output of a node is follows from the shapes, and from the numbers, that it reads, by the
rule that its operator's schema states; a node that makes too much is not run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NoReturn

import numpy as np
import onnx
from onnx import defs, helper, numpy_helper, shape_inference

from symcnn import limits
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError, fitted, shown
from symcnn.imports.onnx.naming import operator_of
from symcnn.imports.registering import REGISTERED
from symcnn.limits.machine import memory

_FEW = 1_000
"""Of so many numbers a shape may depend: axes, lengths, pads."""

_SELECTING = {"NonZero", "Compress", "Unique", "GroupNormalization"}
"""Operators whose schemas state no rule, and whose outputs are about as large as what they read."""

_SMALLER = "use a smaller network"

_ONE = np.float32(1)
"""What stands for numbers that are too many for a shape to depend on."""

_BYTES = 8
"""Of an entry that is computed."""


def check_structure(model: Any) -> None:
    """Refuse graphs inside of nodes, too many nodes, and arrays that are not what they say.

    Raises:
        SymcnnError: Names the node or the array.
        TooLargeError: If there are more nodes than are imported.
    """
    functions = {(f.domain, f.name): f for f in model.functions}
    for nodes in (model.graph.node, *(f.node for f in model.functions)):
        for node in nodes:
            _check_node(node)
    count = _Count(functions).nodes(model.graph.node)
    if count > limits.IMPORTED_NODES:
        raise TooLargeError(
            f"the model has {count:,} nodes, functions included, more than the "
            f"{limits.IMPORTED_NODES:,} that are imported: import a part of it"
        )
    for tensor in model.graph.initializer:
        check_tensor(tensor)


def _check_node(node: Any) -> None:
    for attribute in node.attribute:
        if attribute.HasField("g") or attribute.graphs:
            refused(node, "graphs inside of nodes are not imported", "export it without conditions")
        if attribute.HasField("sparse_tensor") or attribute.sparse_tensors:
            refused(node, "sparse arrays are not imported", "export it with full ones")
        for tensor in (*([attribute.t] if attribute.HasField("t") else []), *attribute.tensors):
            check_tensor(tensor)
            if tensor.data_location == onnx.TensorProto.EXTERNAL:
                refused(node, "its numbers are in another file", "save the model again")


def check_tensor(tensor: Any) -> None:
    """Refuse an array that states another number of entries than it holds.

    Raises:
        SymcnnError: Names the array.
    """
    dims, held = [*tensor.dims], 2 * tensor.ByteSize()  # an entry has four bits at least
    is_apart = tensor.data_location == onnx.TensorProto.EXTERNAL
    if min(dims, default=0) < 0 or (not is_apart and prod(dims) > held):
        raise SymcnnError(
            f"the array {shown(tensor.name)} has the shape {shown(dims)}, but not as many numbers: "
            "save the model again"
        )


class _Count:
    """Counts nodes, with functions put where they are called."""

    def __init__(self, functions: Mapping[tuple[str, str], Any]) -> None:
        self._functions = functions
        self._known: dict[tuple[str, str], int] = {}

    def nodes(self, nodes: Sequence[Any], depth: int = 0) -> int:
        """Count the nodes of a graph or of a function, as far as they can be imported."""
        if depth > len(self._functions):
            raise SymcnnError("a function of the model calls itself: export it without functions")
        total = 0
        for node in nodes:
            total += self._node((node.domain, node.op_type), depth)
            if total > limits.IMPORTED_NODES**2:  # no more digits are of interest
                break
        return total

    def _node(self, called: tuple[str, str], depth: int) -> int:
        if called not in self._functions:
            return 1
        if called not in self._known:
            self._known[called] = self.nodes(self._functions[called].node, depth + 1)
        return self._known[called]


class Budget:
    """What a run of a model may make, node by node."""

    def __init__(self, model: Any, opset: int) -> None:
        """Begin with everything left: what is computed of constants, and of the input."""
        graph = model.graph
        weights = sum(prod(tensor.dims) for tensor in graph.initializer)
        self._opset = opset
        self._constant = limits.FOLDED_ENTRIES + weights
        self._computed = limits.IMPORTED_ENTRIES
        self._of_input = {value.name for value in graph.input}

    def admit(self, node: Any, inputs: Sequence[Any]) -> None:
        """Refuse a node that would make too much, before it is run.

        Raises:
            TooLargeError: If no such run is made.
            SymcnnError: If nobody knows how much it would make.
        """
        arrays = dict(zip(node.input, inputs, strict=False))
        shapes = _outputs(node, arrays, self._opset)
        if shapes is None and operator_of(node) not in {*_SELECTING, *REGISTERED}:
            refused(node, "the shape of its output is unknown", "state it, by a constant")
        made = sum(map(prod, shapes or [])) or sum(np.size(array) for array in inputs)
        if self._of_input & {*node.input}:
            self._of_input |= {*node.output}
            self._computed -= made
        else:
            self._constant -= made
        if min(self._constant, self._computed) < 0:
            shape = dimensions((shapes or [()])[0])
            refused(node, f"an output of shape {shape} is too much", _SMALLER, TooLargeError)
        available = memory()
        if available is not None and _while_running(node, arrays, shapes or []) > available:
            refused(node, "its windows do not fit into memory", _SMALLER, TooLargeError)


def _outputs(node: Any, arrays: Mapping[str, Any], opset: int) -> list[Shape] | None:
    """Return the shapes of a node's outputs, if they are known."""
    given = {name: _as_stated(np.asarray(array)) for name, array in arrays.items() if name}
    try:
        schema = defs.get_schema(node.op_type, opset, node.domain)
        types = {name: _type(array) for name, array in given.items()}
        few = {n: numpy_helper.from_array(a) for n, a in given.items() if a.size <= _FEW}
        opsets = [helper.make_opsetid("", opset)]
        found = shape_inference.infer_node_outputs(schema, node, types, few, opset_imports=opsets)
        shapes = [_shape(found[name]) for name in node.output if name]
    except Exception:  # what is wrong with a node is told when it is run
        return None
    return None if any(s is None for s in shapes) else [s for s in shapes if s is not None]


def _as_stated(array: Array) -> Array:
    """Return numbers in 32 bits, as most models state them: some operators take no others."""
    if array.dtype != np.float64:
        return array
    return array.astype(np.float32) if array.size <= _FEW else np.broadcast_to(_ONE, array.shape)


def _type(array: Array) -> Any:
    element = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor_type_proto(element, array.shape)


def _shape(stated: Any) -> Shape | None:
    kind = stated.tensor_type
    if not kind.HasField("shape") or not all(d.HasField("dim_value") for d in kind.shape.dim):
        return None
    return tuple(d.dim_value for d in kind.shape.dim)


def _while_running(node: Any, arrays: Mapping[str, Any], shapes: Sequence[Shape]) -> int:
    """Return the bytes that windows need while they are computed: padding, and gaps in kernels."""
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    x, weight, *_ = (*(np.shape(array) for array in arrays.values()), (), ())
    rank, kernel = len(x) - 2, attributes.get("kernel_shape") or weight[2:]
    if rank < 1 or len(kernel) != rank or not shapes:
        return 0
    ones = [1] * rank
    wide = [(k - 1) * d + 1 for k, d in zip(kernel, attributes.get("dilations", ones), strict=True)]
    pads = attributes.get("pads", [0] * 2 * rank)
    lengths = [n + a + b for n, a, b in zip(x[2:], pads[:rank], pads[rank:], strict=True)]
    if node.op_type == "ConvTranspose":
        steps = attributes.get("strides", ones)
        lengths = [(n - 1) * s + w for n, s, w in zip(x[2:], steps, wide, strict=True)]
    entries = (
        prod(x[:2]) * prod(lengths),
        prod(weight[:2]) * prod(wide),
        prod(x[1:2]) * prod(map(int, shapes[0][2:])) * prod(wide),
    )
    return _BYTES * max(map(int, entries))


def refused(node: Any, why: str, remedy: str, kind: type[SymcnnError] = SymcnnError) -> NoReturn:
    """Say that a node is not imported.

    Raises:
        SymcnnError: In one line with the node and the operator.
    """
    named, operator = node.name or "".join(node.output[:1]), shown(operator_of(node))[1:-1]
    before = f"node {shown(named)} ({operator}): "
    raise kind(fitted(before, why, f": {remedy}"))
