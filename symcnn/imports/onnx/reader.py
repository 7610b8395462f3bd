"""Reading a model of ONNX: the run of the reference says every shape, and folds every constant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import onnx
from onnx import defs, numpy_helper
from onnx.reference import ReferenceEvaluator

from symcnn.equations.values import Array
from symcnn.imports.graph import RANDOM, Constant, Graph, Kept, Node, Ref, unknown
from symcnn.imports.onnx.bounds import refused
from symcnn.imports.onnx.evaluator import meant
from symcnn.imports.onnx.model import Model
from symcnn.imports.onnx.naming import is_factor, layer_name, operator_of

_LENGTHS = {"Shape", "Size"}
"""Operators whose output is the same for every input of the same shape."""


def read(model: Model, given: Mapping[str, Array], found: Mapping[str, Any]) -> Graph:
    """Return the graph of a model."""
    return _Reader(model, given, found).graph()


def others(model: Model, given: Mapping[str, Array]) -> dict[str, Array]:
    """Return further inputs of which every sample has its own numbers; the rest is constant."""
    count = given[model.input].shape[:1]
    return {
        name: array
        for name, array in given.items()
        if name != model.input and array.dtype.kind == "f" and array.shape[:1] == count
    }


def check_operators(model: Model, given: Mapping[str, Array], known: Collection[str]) -> None:
    """Refuse what depends on the input and has no layer, or on chance, before anything is computed.

    Raises:
        SymcnnError: Names the first such node.
    """
    of_input = {model.input, *others(model, given)}
    for node in model.proto.graph.node:
        if operator_of(node) not in known and unknown(node.op_type) == RANDOM:
            refused(node, *RANDOM)
        if of_input & {*node.input} and node.op_type not in _LENGTHS:
            of_input |= {*node.output}
            if operator_of(node) not in known:
                refused(node, *unknown(node.op_type))


_MOVES = {"Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Slice", "Split", "Gather"}
"""Operators that take entries of one tensor to other places, and compute nothing."""


def _moved(node: Any, opset: int, read: Mapping[str, Array], at: int, array: Array) -> Array:
    """Return the entries of an array, the operator's first input, in other places."""
    evaluator = ReferenceEvaluator(node, opsets={"": opset})
    moved: Array = evaluator.run(None, {**read, node.input[0]: array})[at]
    return moved


class _Reader:
    def __init__(self, model: Model, given: Mapping[str, Array], found: Mapping[str, Any]) -> None:
        self._model, self._found, self._shape = model, found, given[model.input].shape
        self._others = others(model, given)
        self._known = {model.input, *self._others}
        self._constants = {t.name: _initial(t) for t in model.proto.graph.initializer}
        rest = (item for item in given.items() if item[0] not in self._known)
        self._constants |= {name: Constant(array) for name, array in rest}

    def graph(self) -> Graph:
        nodes = [*self._nodes()]
        learned = {
            name: constant.array.shape
            for name, constant in self._constants.items()
            if constant.parameter and constant.array.dtype.kind == "f"
        }
        stored = {
            tensor.name: _kept(tensor, self._model.numbers[tensor.name])
            for tensor in self._model.proto.graph.initializer
            if tensor.name in learned
        }
        first, last = self._model.input, self._model.output
        return Graph(first, self._shape, nodes, last, learned, self._others, stored).pruned()

    def _nodes(self) -> Iterator[Node]:
        for node in self._model.proto.graph.node:
            if self._known & {*node.input} and node.op_type not in _LENGTHS:
                yield self._node(node)
                continue
            for at, name in enumerate(node.output):
                if name:
                    self._constants[name] = self._constant(node, at)

    def _constant(self, node: Any, at: int) -> Constant:
        """Return what a node makes of constants: an array, and the initializer it is of."""
        array = np.asarray(self._found[node.output[at]])
        first, *others = [self._constants.get(name) for name in node.input] or [None]
        if node.op_type == "Identity" and first is not None:
            return first
        if node.op_type not in _MOVES or first is None or not first.stored or None in others:
            return Constant(array)
        read = {n: c.array for n, c in zip(node.input[1:], others, strict=True) if c is not None}
        move = partial(_moved, node, self._model.opset, read, at)
        return replace(first, array=array, moves=(*first.moves, move))

    def _node(self, node: Any) -> Node:
        """Return a node, with its settings by the names that the operator's schema gives them."""
        schema = _schema(node, self._model.opset)
        outputs = tuple(node.output)
        self._known |= {*filter(None, outputs)}
        shapes = tuple(np.shape(self._found[name]) for name in outputs)
        stated = {attribute.name: _value(attribute) for attribute in node.attribute}
        arguments = {**_defaults(schema), **stated, **self._inputs(node, schema)}
        arguments["opset"] = self._model.opset
        name = node.name or next(filter(None, outputs), "")
        return Node(name, operator_of(node), layer_name(node), arguments, outputs, shapes)

    def _inputs(self, node: Any, schema: Any) -> dict[str, Any]:
        """Return the inputs by name; of the last one there may be any number."""
        names = [given.name for given in schema.inputs] if schema else []
        many = bool(schema) and schema.max_input > len(names)
        made: dict[str, Any] = {}
        for at, tensor in enumerate(node.input):
            argument = self._argument(tensor)
            if many and at >= len(names) - 1:
                made.setdefault(names[-1], []).append(argument)
            else:
                made[names[at] if at < len(names) else f"input{at}"] = argument
        return {key: value for key, value in made.items() if value is not None}

    def _argument(self, tensor: str) -> Any:
        if not tensor:
            return None
        return self._constants.get(tensor) or Ref(tensor)


def _initial(tensor: Any) -> Constant:
    """Return an array of the model; what is a factor of its formulas is no parameter."""
    name = "" if is_factor(tensor) else tensor.name
    return Constant(numpy_helper.to_array(tensor), name, stored=name)


def _kept(tensor: Any, numbers: str) -> Kept:
    return Kept(tuple(tensor.dims), numbers, partial(numpy_helper.to_array, tensor), tensor.name)


def _schema(node: Any, opset: int) -> Any:
    try:
        return defs.get_schema(node.op_type, opset, node.domain)
    except defs.SchemaError:
        return None


def _defaults(schema: Any) -> dict[str, Any]:
    attributes = schema.attributes.items() if schema else ()
    return {
        name: _value(attribute.default_value)
        for name, attribute in attributes
        if attribute.default_value.type
    }


def _value(attribute: Any) -> Any:
    """Return the value of an attribute; a number of 32 bits as the one that is meant."""
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float):
        return meant(value)
    if isinstance(value, onnx.TensorProto):
        return Constant(numpy_helper.to_array(value))
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value
