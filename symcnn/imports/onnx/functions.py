"""ONNX: functions of every entry, and softmax."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node
from symcnn.imports.onnx.definitions import SOFTMAX_AXES
from symcnn.imports.onnx.model import FLOATS
from symcnn.imports.operations.entrywise import applied, clamped, softmax
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed
from symcnn.imports.table import Operators
from symcnn.network.layers import (
    ELU,
    GELU,
    Clip,
    HardSigmoid,
    HardSwish,
    Layer,
    LeakyReLU,
    LogSoftmax,
    Mish,
    ReLU,
    Scale,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)

OPERATORS = Operators()

_FUNCTIONS: dict[str, Callable[[Node], Layer]] = {
    "Relu": lambda n: ReLU(),
    "Sigmoid": lambda n: Sigmoid(),
    "Tanh": lambda n: Tanh(),
    "Mish": lambda n: Mish(),
    "HardSwish": lambda n: HardSwish(),
    "Softplus": lambda n: Softplus(),
    "Gelu": lambda n: GELU(n.get("approximate", "none")),
    "Elu": lambda n: ELU(n.get("alpha")),
    "LeakyRelu": lambda n: LeakyReLU(n.get("alpha")),
}


@OPERATORS.of(*_FUNCTIONS)
def _function(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, _input(n)), _FUNCTIONS[n.operator](n))


def _input(n: Node) -> str:
    return "X" if "X" in n.arguments else "input"


@OPERATORS.of("Swish")
def _swish(b: Builder, n: Node) -> Placed:
    if n.get("alpha", 1) != 1:
        raise SymcnnError("alpha is not 1: write the factors yourself")
    return applied(b, b.tensor(n, "X"), SiLU())


@OPERATORS.of("Selu")
def _selu(b: Builder, n: Node) -> Placed:
    x = applied(b, b.tensor(n, "X"), ELU(n.get("alpha")))
    return applied(b, x, Scale(n.get("gamma")))


@OPERATORS.of("HardSigmoid")
def _hard_sigmoid(b: Builder, n: Node) -> Placed:
    x, slope, offset = b.tensor(n, "X"), n.get("alpha"), n.get("beta")
    if (slope, offset) == (1 / 6, 0.5):
        return applied(b, x, HardSigmoid())
    return applied(b, applied(b, x, Scale(slope, offset)), Clip(0, 1))


@OPERATORS.of("Clip")
def _clip(b: Builder, n: Node) -> Placed:
    x, low, high = b.tensor(n, "input"), _bound(n, "min"), _bound(n, "max")
    return clamped(b, x, low, None if high is not None and high > 1e30 else high)


def _bound(n: Node, key: str) -> float | None:
    found = n.get(key)
    return float(found.array.item()) if isinstance(found, Constant) else found


@OPERATORS.of("Softmax", "LogSoftmax")
def _softmax(b: Builder, n: Node) -> Placed:
    """Before opset 13, the axes from the given one on are taken together."""
    x = b.tensor(n, "input")
    layer = Softmax() if n.operator == "Softmax" else LogSoftmax()
    shape = x.stated
    axis = n.get("axis", -1) % len(shape)
    if n.arguments["opset"] >= SOFTMAX_AXES or prod(shape[axis + 1 :]) == 1:
        return softmax(b, x, layer, axis)
    flat = reshaped(b, x, (*shape[:axis], prod(shape[axis:])))
    return reshaped(b, softmax(b, flat, layer, axis), shape)


@OPERATORS.of("Dropout")
def _dropout(b: Builder, n: Node) -> Placed:
    training = n.get("training_mode")
    if isinstance(training, Constant) and training.array.any():
        raise SymcnnError("dropout is in training mode: export the model for inference")
    return b.tensor(n, "data")


@OPERATORS.of("Identity", "Cast")
def _same(b: Builder, n: Node) -> Placed:
    if n.get("to", FLOATS[0]) not in FLOATS:
        raise SymcnnError("numbers are rounded to integers: leave that out")
    return b.tensor(n, "input")
