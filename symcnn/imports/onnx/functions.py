"""ONNX: functions of every entry, softmax, and sums, differences, products and quotients."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.onnx.evaluator import SOFTMAX_AXES
from symcnn.imports.onnx.model import FLOATS
from symcnn.imports.operations.composed import power
from symcnn.imports.operations.entrywise import (
    applied,
    clamped,
    combined,
    divided,
    shifted,
    softmax,
    stretched,
)
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators()

_FUNCTIONS: dict[str, Callable[[Node], layers.Layer]] = {
    "Relu": lambda n: layers.ReLU(),
    "Sigmoid": lambda n: layers.Sigmoid(),
    "Tanh": lambda n: layers.Tanh(),
    "Mish": lambda n: layers.Mish(),
    "HardSwish": lambda n: layers.HardSwish(),
    "Softplus": lambda n: layers.Softplus(),
    "Gelu": lambda n: layers.GELU(n.get("approximate", "none")),
    "Elu": lambda n: layers.ELU(n.get("alpha")),
    "LeakyRelu": lambda n: layers.LeakyReLU(n.get("alpha")),
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
    return applied(b, b.tensor(n, "X"), layers.SiLU())


@OPERATORS.of("Selu")
def _selu(b: Builder, n: Node) -> Placed:
    x = applied(b, b.tensor(n, "X"), layers.ELU(n.get("alpha")))
    return applied(b, x, layers.Scale(n.get("gamma")))


@OPERATORS.of("HardSigmoid")
def _hard_sigmoid(b: Builder, n: Node) -> Placed:
    x, slope, offset = b.tensor(n, "X"), n.get("alpha"), n.get("beta")
    if (slope, offset) == (1 / 6, 0.5):
        return applied(b, x, layers.HardSigmoid())
    return applied(b, applied(b, x, layers.Scale(slope, offset)), layers.Clip(0, 1))


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
    layer = layers.Softmax() if n.operator == "Softmax" else layers.LogSoftmax()
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


def _pair(b: Builder, n: Node, layer: layers.Layer) -> Placed | None:
    """Return what a layer makes of two tensors, if both depend on the input."""
    first, second = n.arguments["A"], n.arguments["B"]
    if not (isinstance(first, Ref) and isinstance(second, Ref)):
        return None
    return combined(b, [b.tensor_of(n, first), b.tensor_of(n, second)], layer)


def _single(b: Builder, n: Node) -> tuple[Placed, Constant]:
    """Return the tensor that depends on the input, and the constant beside it."""
    keys = ("A", "B") if isinstance(n.arguments["A"], Ref) else ("B", "A")
    x, constant = b.tensor(n, keys[0]), b.array(n, keys[1])
    if len(x.stated) < constant.array.ndim and constant.array.shape[0] == 1:
        x = reshaped(b, x, (x.stated[0], *n.shape[1:]))
    return x, constant


@OPERATORS.of("Add")
def _add(b: Builder, n: Node) -> Placed:
    return _pair(b, n, layers.Add()) or shifted(b, *_single(b, n))


@OPERATORS.of("Sub")
def _subtract(b: Builder, n: Node) -> Placed:
    if made := _pair(b, n, layers.Subtract()):
        return made
    x, constant = _single(b, n)
    if isinstance(n.arguments["A"], Ref):
        return shifted(b, x, constant, -1)
    return shifted(b, applied(b, x, layers.Scale(-1)), constant)


@OPERATORS.of("Mul")
def _multiply(b: Builder, n: Node) -> Placed:
    return _pair(b, n, layers.Multiply()) or stretched(b, *_single(b, n))


@OPERATORS.of("Div")
def _divide(b: Builder, n: Node) -> Placed:
    if made := _pair(b, n, layers.Divide()):
        return made
    if not isinstance(n.arguments["A"], Ref):
        raise SymcnnError("a constant is divided by a tensor: multiply by the inverse instead")
    x, constant = _single(b, n)
    return divided(b, x, constant)


@OPERATORS.of("Pow")
def _power(b: Builder, n: Node) -> Placed:
    exponent = b.array(n, "Y").array
    if exponent.size != 1:
        raise SymcnnError("exponents differ between entries: use one for all")
    return power(b, b.tensor(n, "X"), exponent.item())


@OPERATORS.of("Sum")
def _sum(b: Builder, n: Node) -> Placed:
    given = n.arguments["data_0"]
    xs = [b.tensor_of(n, ref) for ref in given if isinstance(ref, Ref)]
    made = xs[0] if len(xs) == 1 else combined(b, xs, layers.Add())
    for constant in given:
        if isinstance(constant, Constant):
            made = shifted(b, made, constant)
    return made
