"""ONNX: functions of every entry, sums, dense layers."""

from __future__ import annotations

from math import prod

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.onnx.evaluator import SOFTMAX_AXES
from symcnn.imports.onnx.model import FLOATS
from symcnn.imports.operations.entrywise import (
    applied,
    clamped,
    combined,
    learned,
    shifted,
    softmax,
)
from symcnn.imports.operations.matrices import dense
from symcnn.imports.operations.reshaping import reshaped
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators()


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


@OPERATORS.of("Sum")
def _sum(b: Builder, n: Node) -> Placed:
    given = n.arguments["data_0"]
    xs = [b.tensor_of(n, ref) for ref in given if isinstance(ref, Ref)]
    made = xs[0] if len(xs) == 1 else combined(b, xs, layers.Add())
    for constant in given:
        if isinstance(constant, Constant):
            made = shifted(b, made, constant)
    return made


@OPERATORS.of("Gemm")
def _gemm(b: Builder, n: Node) -> Placed:
    x, weight, bias = b.tensor(n, "A"), b.array(n, "B"), b.constant(n, "C")
    if n.get("transA", 0):
        raise SymcnnError("the input is transposed, samples last: keep the samples in front")
    if not n.get("transB", 0):
        weight = weight.moved(lambda array: array.T)
    if n.get("alpha", 1) != 1:
        weight = Constant(n.get("alpha") * weight.array)
    if bias is not None and n.get("beta", 1) != 1:
        bias = Constant(n.get("beta") * bias.array)
    units = weight.array.shape[0]
    if bias is None or bias.array.size in (1, units):
        spread = bias and bias.moved(lambda array: np.broadcast_to(array.ravel(), (units,)))
        return dense(b, x, weight, spread)
    return shifted(b, dense(b, x, weight, None), bias)


@OPERATORS.of("PRelu")
def _prelu(b: Builder, n: Node) -> Placed:
    x, slopes = b.tensor(n, "X"), b.array(n, "slope")
    flat = slopes.moved(lambda array: array.ravel())
    if flat.array.size == 1:
        return applied(b, x, layers.PReLU(shared=True), {"weight": flat})
    lengths = (*(1,) * (len(x.stated) - slopes.array.ndim), *slopes.array.shape)
    if lengths != (1, x.stated[1], *(1,) * (len(x.stated) - 2)):
        raise SymcnnError(
            "slopes that differ between positions are not supported: use one per channel"
        )
    return learned(b, x, layers.PReLU(), {"weight": flat})
