"""One node of ONNX by itself, run by the reference evaluator on other arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import defs, helper

from symcnn.equations.values import Array
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.onnx.evaluator import evaluator_of


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
