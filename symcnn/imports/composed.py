"""Layers that a source states by their formulas: GELU and normalisations, recognised in a graph.

    x (1 + erf(x / sqrt(2))) / 2                             GELU
    (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon)    layer normalisation
    x / sqrt(mean(x^2) + epsilon)                            RMS normalisation

Each becomes one node; factors may be multiplied in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose, sqrt
from typing import Any, NamedTuple

from symcnn.imports.graph import Constant, Graph, Node, Ref

GELU, LAYER_NORM, RMS_NORM = "GELU in parts", "layer norm in parts", "RMS norm in parts"

_OPERANDS = ("A", "B", "X", "Y", "input", "data", "self", "other", "exponent")
"""What operators call the tensors that they read."""

_OPERATION = re.compile(r"(^|\.)(add|div|mul)(_\d+)?$")
"""What an operation is called within the part of a module that it is in."""

_ROUNDED = 1e-6
"""How far a constant in 32 bits may be from the one that is meant."""


class _Part(NamedTuple):
    """A node as an operation of arithmetic, and what it reads."""

    node: Node
    word: str
    operands: Sequence[Any]


@dataclass(frozen=True)
class _Made:
    """What stands in the place of a node."""

    last: Node
    operator: str
    arguments: Mapping[str, Any]

    def node(self) -> Node:
        """Return it as a node."""
        owner = _OPERATION.sub("", self.last.layer)
        named = owner or self.operator.split(" in ")[0].lower().replace(" ", "_")
        return replace(self.last, operator=self.operator, layer=named, arguments=self.arguments)


def recognised(graph: Graph, words: Mapping[str, str]) -> Graph:
    """Return a graph in which formulas of layers have become nodes.

    Args:
        graph: The graph.
        words: What operators are in arithmetic: add, sub, mul, div, pow, sqrt, erf, mean.
    """
    found = {made.last.name: made.node() for made in _Finder(graph, words).found()}
    if not found:
        return graph
    return replace(graph, nodes=[found.get(node.name, node) for node in graph.nodes]).pruned()


class _Finder:
    def __init__(self, graph: Graph, words: Mapping[str, str]) -> None:
        self._parts = [_part(node, words) for node in graph.nodes]
        self._makers = {part.node.outputs[0]: part for part in self._parts}
        self._users: dict[str, list[_Part]] = {graph.output: [_OUTSIDE]}
        for part in self._parts:
            for ref in {*part.node.reads}:
                self._users.setdefault(ref.name, []).append(part)

    def found(self) -> Iterator[_Made]:
        for part in self._parts:
            made = self._gelu(part) if part.word == "erf" else None
            made = self._normalisation(part) if part.word in ("sqrt", "rsqrt") else made
            if made is not None:
                yield made

    def _maker(self, value: Any, word: str) -> Sequence[Any]:
        """Return the operands of what makes a tensor, if it is this operation."""
        part = self._makers.get(value.name) if isinstance(value, Ref) else None
        return part.operands if part is not None and part.word == word else ()

    def _user(self, part: _Part, word: str) -> _Part | None:
        """Return the only operation that reads an output, if it is this one."""
        users = self._users.get(part.node.outputs[0], [])
        return users[0] if len(users) == 1 and users[0].word == word else None

    def _gelu(self, erf: _Part) -> _Made | None:
        """Multiply 1 + erf(x / sqrt(2)) until the factors are x and 1/2."""
        argument = self._factors(erf.operands[0])
        step = self._user(erf, "add")
        if step is None or not argument.is_one_times(sqrt(0.5)) or not _has(step, 1):
            return None
        others = _Product([], 1.0)
        while (user := self._user(step, "mul")) is not None:
            read = Ref(step.node.outputs[0])
            others = others.times(self._factors(next(o for o in user.operands if o != read)))
            step = user
            if others.refs == argument.refs and others.is_one_times(0.5):
                return _Made(step.node, GELU, {"x": argument.refs[0]})
        return None

    def _factors(self, value: Any) -> _Product:
        """Return the factors of a tensor that is another times a number, or of a number."""
        if (number := _number(value)) is not None:
            return _Product([], number)
        for word, power in (("mul", 1), ("div", -1)):
            operands = self._maker(value, word)
            for one, other in zip(operands, operands[::-1], strict=True):
                number = _number(other)
                if isinstance(one, Ref) and number and (power == 1 or one is operands[0]):
                    return _Product([one], number**power)
        return _Product([value], 1.0)

    def _normalisation(self, root: _Part) -> _Made | None:
        """Read what is below the root, and what is divided by it."""
        below = self._maker(root.operands[0], "add")
        epsilon = next((n for o in below if (n := _number(o)) is not None), None)
        mean = next((o for o in below if isinstance(o, Ref)), None)
        quotient = self._user(root, "mul" if root.word == "rsqrt" else "div")
        if epsilon is None or mean is None or quotient is None:
            return None
        part = self._makers.get(mean.name)
        centred = self._squared(part.operands[0]) if part and part.word == "mean" else None
        axes = _axes(part.node) if part and centred else None
        divided = quotient.operands[: 1 if quotient.word == "div" else 2]
        if axes is None or not any(self._are_equal(one, centred) for one in divided):
            return None
        x = self._uncentred(centred, axes)
        given = {"x": x or centred, "axes": axes, "epsilon": epsilon}
        return self._scaled(_Made(quotient.node, LAYER_NORM if x else RMS_NORM, given), quotient)

    def _scaled(self, made: _Made, last: _Part) -> _Made:
        """Take in the learned factors that follow, and behind them what is added."""
        ways = {"weight": "mul"} | ({"bias": "add"} if made.operator == LAYER_NORM else {})
        for name, word in ways.items():
            user = self._user(last, word)
            learned = [_along(made, o) for o in user.operands] if user is not None else []
            number = next(filter(None, learned), None)
            if user is None or number is None:
                return made
            made, last = _Made(user.node, made.operator, {**made.arguments, name: number}), user
        return made

    def _are_equal(self, one: Any, other: Any) -> bool:
        """Tell whether two tensors are one, or are computed alike of the same tensors."""
        if not (isinstance(one, Ref) and isinstance(other, Ref)):
            return False
        first, second = (self._makers.get(ref.name) for ref in (one, other))
        return one == other or (
            first is not None
            and second is not None
            and first.word == second.word == "sub"
            and all(isinstance(operand, Ref) for operand in first.operands)
            and first.operands == second.operands
        )

    def _squared(self, value: Any) -> Any:
        """Return what a tensor is the square of."""
        for word in ("pow", "mul"):
            if len(operands := self._maker(value, word)) == 2:
                one, other = operands
                if (word == "pow" and _number(other) == 2) or (
                    word == "mul" and self._are_equal(one, other)
                ):
                    return one
        return None

    def _uncentred(self, value: Any, axes: Sequence[int]) -> Ref | None:
        """Return x, if a tensor is x - mean(x)."""
        if len(operands := self._maker(value, "sub")) != 2:
            return None
        x, mean = operands
        part = self._makers.get(mean.name) if isinstance(mean, Ref) else None
        is_mean = part is not None and part.word == "mean" and part.operands[0] == x
        return x if is_mean and part is not None and _axes(part.node) == axes else None


@dataclass(frozen=True)
class _Product:
    """A product of tensors and a number."""

    refs: list[Any]
    number: float

    def times(self, other: _Product) -> _Product:
        return _Product(self.refs + other.refs, self.number * other.number)

    def is_one_times(self, number: float) -> bool:
        return len(self.refs) == 1 and isclose(self.number, number, rel_tol=_ROUNDED)


def _part(node: Node, words: Mapping[str, str]) -> _Part:
    read = [value for key, value in node.arguments.items() if key in _OPERANDS]
    return _Part(node, words.get(node.operator, ""), read)


_OUTSIDE = _Part(Node("", "", "", {}, ("",), ((),)), "", ())
"""Whoever reads the output of the graph."""


def _number(value: Any) -> float | None:
    if isinstance(value, Constant):
        return float(value.array.item()) if value.array.size == 1 and not value.parameter else None
    return float(value) if isinstance(value, int | float) else None


def _along(made: _Made, value: Any) -> Constant | None:
    """Return an array with an entry for each place along the axes of a normalisation."""
    axes, shape = made.arguments["axes"], made.last.shape
    if not isinstance(value, Constant) or not value.parameter:
        return None
    full = tuple(shape[axis] if axis in axes else 1 for axis in range(-len(shape), 0))
    own = (*(1,) * (len(shape) - value.array.ndim), *value.array.shape)
    lengths = tuple(shape[axis] for axis in axes)
    return value.moved(lambda array: array.reshape(lengths)) if own == full else None


def _has(part: _Part, number: float) -> bool:
    return any(_number(operand) == number for operand in part.operands)


def _axes(node: Node) -> list[int] | None:
    """Return the axes of a mean that keeps them, from behind."""
    found = node.get("axes", node.get("dim"))
    listed = found.array.ravel().tolist() if isinstance(found, Constant) else found
    if not listed or not node.get("keepdims", node.get("keepdim", 0)):
        return None
    return sorted(axis % len(node.shape) - len(node.shape) for axis in listed)
