"""A loss of PyTorch at the end of a module: the loss of the network, and its target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.graph import Constant, Graph, Node, Ref
from symcnn.network import losses
from symcnn.network.losses.loss import Reduced, Weighted

_RESHAPING = ("aten.squeeze.", "aten.view.", "aten.reshape.", "aten.flatten.")
"""Operators that leave the axis of a single output out."""

_NONE, _MEAN, _SUM = 0, 1, 2
"""What PyTorch calls the reductions of a loss."""


@dataclass(frozen=True)
class Inside:
    """A loss that a graph ends with.

    Attributes:
        graph: The graph without it, whose output is what it compares with a target.
        loss: The loss.
        target: Its target, in the layout of the source.
        weight: The weight of each output, if it has one.
    """

    graph: Graph
    loss: losses.Loss
    target: Array
    weight: float | None


def loss_inside(graph: Graph, x: Array) -> Inside | None:
    """Return the loss that a graph ends with, or None where it ends with a layer.

    Args:
        graph: The graph.
        x: The input of the network, which may be the target.

    Raises:
        SymcnnError: If the loss, its reduction or its target is none that symcnn has.
    """
    found = _End(graph, x)
    node = found.makers.get(graph.output)
    samples, shared = graph.shape[0], False
    if node is not None and node.operator == "aten.div.Tensor" and node.shape == ():
        before, by = node.arguments["self"], node.arguments["other"]
        shared = isinstance(before, Ref) and not isinstance(by, Ref) and _number(by) == samples
        node = found.makers.get(before.name) if shared else node
    if node is None or node.operator not in _LOSSES:
        return None
    try:
        made = _LOSSES[node.operator](found, node)
        return _reduced(made, node, shared)
    except SymcnnError as error:
        why, _, remedy = str(error).partition(": ")
        node.refused(why, remedy)


def _number(value: Any) -> float:
    return float(value.array.item() if isinstance(value, Constant) else value)


@dataclass(frozen=True)
class _Loss:
    """A loss, summed over the outputs of a sample."""

    graph: Graph
    loss: Reduced
    target: Array
    factor: float = 1.0
    mean: Reduced | None = None


def _reduced(made: _Loss, node: Node, shared: bool) -> Inside:
    """Return a loss with the reduction of its node; sums may be divided by the samples."""
    reduction, factor = node.get("reduction", _MEAN), made.factor
    if reduction == _NONE or (shared and reduction != _SUM):
        raise SymcnnError("the loss is not one number: set reduction to mean or sum")
    loss: Any = replace(made.loss, reduction="mean" if shared or reduction == _MEAN else "sum")
    if reduction == _MEAN and made.mean is not None and factor == 1:
        return Inside(made.graph, made.mean, made.target, None)
    outputs = prod(made.target.shape[1:])
    if reduction == _MEAN:
        factor /= _counted(loss, made.target, outputs)
    if factor == 1:
        return Inside(made.graph, loss, made.target, None)
    if not isinstance(loss, Weighted):
        raise SymcnnError("the mean is also one over positions: set reduction to sum")
    return Inside(made.graph, replace(loss, weighted=True), made.target, factor)


def _counted(loss: losses.Loss, target: Array, outputs: int) -> int:
    """Return how many terms of a sample a mean is of: entries, or distributions over classes."""
    return outputs // target.shape[1] if isinstance(loss, _OF_CLASSES) else outputs


_OF_CLASSES = (losses.SoftmaxCrossEntropy,)


class _End:
    """The end of a graph: what makes its tensors, and arrays by name."""

    def __init__(self, graph: Graph, x: Array) -> None:
        self.graph = graph
        self.makers = {name: node for node in graph.nodes for name in node.outputs}
        self.arrays: Mapping[str, Array] = {**graph.others, graph.input: x}

    def before(self, value: Any) -> Any:
        """Return what a tensor is before it was broadcast to its own shape."""
        node = self.makers.get(value.name) if isinstance(value, Ref) else None
        if node is None or node.operator != "aten.broadcast_tensors.default":
            return value
        found = node.arguments["tensors"][node.outputs.index(value.name)]
        return self.before(found) if self._length(found) == prod(node.shape) else value

    def _length(self, value: Any) -> int:
        if isinstance(value, Constant):
            return int(value.array.size)
        known = self.arrays.get(value.name)
        return prod(self.shape(value.name) if known is None else known.shape)

    def output(self, node: Node) -> str:
        """Return what a loss compares with a target; a single output keeps its axis."""
        found = self.before(node.arguments["self"])
        if not isinstance(found, Ref):
            raise SymcnnError("what it compares does not depend on the input: exchange both")
        if len(self.shape(found.name)) == 1:
            maker = self.makers[found.name]
            before = maker.arguments.get("self")
            if maker.operator.startswith(_RESHAPING) and isinstance(before, Ref):
                return before.name
        return found.name

    def target(self, node: Node) -> Array:
        """Return the target of a loss."""
        found = self.before(node.arguments["target"])
        if isinstance(found, Constant):
            return found.array
        if not isinstance(found, Ref) or found.name not in self.arrays:
            raise SymcnnError("the target is computed in the module: give it as an input")
        return self.arrays[found.name]

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor."""
        node = self.makers.get(name)
        if node is None:
            raise SymcnnError("it compares an input alone: let a layer come before it")
        return node.shapes[node.outputs.index(name)]

    def until(self, name: str) -> Graph:
        """Return the graph that ends with a tensor."""
        return replace(self.graph, output=name).pruned()

    def exchanged(self, old: Node, operator: str, **changes: Any) -> Graph:
        """Return the graph that ends with another operator in the place of one."""
        new = replace(old, operator=operator, **changes)
        nodes = [new if node is old else node for node in self.graph.nodes]
        return replace(self.graph, nodes=nodes, output=new.outputs[0]).pruned()


def _check_weights(node: Node) -> None:
    """Refuse weights, which symcnn's losses have for outputs alone."""
    for key in ("weight", "pos_weight"):
        if node.get(key) is not None:
            raise SymcnnError(f"{key} is given: leave it out")


def _same(end: _End, node: Node, name: str) -> Array:
    """Return a target with an entry for each output."""
    target, shape = np.asarray(end.target(node), dtype=float), end.shape(name)
    if target.size != prod(shape):
        raise SymcnnError("target and output have different shapes: give both the same")
    return target.reshape(shape)


def _squared(end: _End, node: Node) -> _Loss:
    name, mean = end.output(node), losses.MeanSquaredError()
    _check_weights(node)
    return _Loss(end.until(name), losses.SquaredError(), _same(end, node, name), mean=mean)


def _huber(end: _End, node: Node) -> _Loss:
    name, delta = end.output(node), float(node.get("delta", node.get("beta", 1.0)))
    if not delta > 0:
        raise SymcnnError("beta is 0, an absolute error: give a positive number")
    factor = 1 / delta if "smooth_l1" in node.operator else 1.0
    made: Reduced = losses.Huber(delta=delta)
    return _Loss(end.until(name), made, _same(end, node, name), factor)


def _binary(end: _End, node: Node) -> _Loss:
    _check_weights(node)
    name = end.output(node)
    return _Loss(end.until(name), losses.BinaryCrossEntropy(), _same(end, node, name))


def _binary_of_logits(end: _End, node: Node) -> _Loss:
    """A sigmoid comes before the loss, which takes probabilities."""
    _check_weights(node)
    name = end.output(node)
    made = {"arguments": {"self": Ref(name)}, "shapes": (end.shape(name),)}
    graph = end.exchanged(node, "aten.sigmoid.default", **made)
    return _Loss(graph, losses.BinaryCrossEntropy(), _same(end, node, name))


def _softmax(end: _End, node: Node) -> _Loss:
    _check_weights(node)
    name, smoothing = end.output(node), node.get("label_smoothing", 0.0)
    loss = losses.SoftmaxCrossEntropy(label_smoothing=smoothing or 0)
    return _Loss(end.until(name), loss, _classes(end, node, name))


def _classes(end: _End, node: Node, name: str) -> Array:
    """Return the shares of classes along axis 1, also for the numbers of classes."""
    target, shape = end.target(node), end.shape(name)
    if target.shape == shape and target.dtype.kind == "f":
        return target
    if (target == node.get("ignore_index", -100)).any():
        raise SymcnnError("targets are ignored: leave these samples out")
    made: Array = np.moveaxis(np.eye(shape[1])[target.astype(int)], -1, 1)
    return made


def _logarithms(end: _End, node: Node) -> Node:
    """Return the log_softmax, along the classes, that a loss reads."""
    found = end.makers.get(end.output(node))
    if found is None or found.operator not in ("aten.log_softmax.int", "aten._log_softmax.default"):
        raise SymcnnError("it does not read a log_softmax: put F.log_softmax before it")
    if found.arguments["dim"] % len(found.shape) != 1:
        raise SymcnnError("the log_softmax is not along axis 1: take it along the classes")
    return found


def _negative(end: _End, node: Node) -> _Loss:
    """The loss of log-probabilities is the cross-entropy of what their softmax is of."""
    _check_weights(node)
    found = _logarithms(end, node)
    target = _classes(end, node, found.outputs[0])
    graph = end.until(found.arguments["self"].name)
    return _Loss(graph, losses.SoftmaxCrossEntropy(), target)


def _divergence(end: _End, node: Node) -> _Loss:
    """A softmax stands for its logarithm: the loss takes probabilities."""
    found = _logarithms(end, node)
    target = _same(end, node, found.outputs[0])
    graph = end.exchanged(found, "aten.softmax.int")
    target = np.exp(target) if node.get("log_target", False) else target
    return _Loss(graph, losses.KLDivergence(), target)


_LOSSES: dict[str, Callable[[_End, Node], _Loss]] = {
    "aten.mse_loss.default": _squared,
    "aten.smooth_l1_loss.default": _huber,
    "aten.huber_loss.default": _huber,
    "aten.binary_cross_entropy.default": _binary,
    "aten.binary_cross_entropy_with_logits.default": _binary_of_logits,
    "aten.cross_entropy_loss.default": _softmax,
    "aten.nll_loss_nd.default": _negative,
    "aten.nll_loss.default": _negative,
    "aten.kl_div.default": _divergence,
}

NAMES = frozenset(_LOSSES)
"""The operators that are losses."""

KEPT = frozenset({*_LOSSES, "aten.broadcast_tensors.default"})
"""What a loss is recognised by: it stays one operator, whatever PyTorch would write instead."""
