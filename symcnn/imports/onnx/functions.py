"""ONNX: functions of every entry, sums, dense layers."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.onnx.evaluator import SOFTMAX_AXES
from symcnn.imports.onnx.given import BOOL, FLOATS
from symcnn.imports.operations.elementwise import clamped, computed, written
from symcnn.imports.operations.entrywise import (
    applied,
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
    x, alpha = b.tensor(n, "X"), n.get("alpha", 1)
    usual = alpha == 1
    return applied(
        b, x, layers.SiLU() if usual else layers.Elementwise(f"x * sigmoid({written(alpha)}*x)")
    )


@OPERATORS.of("HardSigmoid")
def _hard_sigmoid(b: Builder, n: Node) -> Placed:
    x, slope, offset = b.tensor(n, "X"), n.get("alpha"), n.get("beta")
    if (slope, offset) == (1 / 6, 0.5):
        return applied(b, x, layers.HardSigmoid())
    return applied(b, applied(b, x, layers.Scale(slope, offset)), layers.Clip(0, 1))


@OPERATORS.of("Clip")
def _clip(b: Builder, n: Node) -> Placed:
    """Bounds may depend on the input as well."""
    x: Placed = b.tensor(n, "input")
    if any(isinstance(n.get(key), Ref) for key in ("min", "max")):
        for key, name in (("min", "max"), ("max", "min")):
            if n.get(key) is not None:
                x = computed(b, f"{name}({{0}}, {{1}})", x, b.operand(n, key))
        return x
    low, high = _bound(n, "min"), _bound(n, "max")
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


@OPERATORS.of("Identity", "Cast", "CastLike")
def _same(b: Builder, n: Node) -> Placed:
    if n.get("to", FLOATS[0]) == BOOL:
        return computed(b, "{0} != 0", b.tensor(n, "input"))
    like = n.get("target_type")
    to_whole = isinstance(like, Constant) and like.array.dtype.kind not in "fb"
    if to_whole or n.get("to", FLOATS[0]) not in FLOATS:
        raise SymcnnError("numbers are rounded to integers: leave that out")
    return b.tensor(n, "input")


@OPERATORS.of("Mod")
def _remainder(b: Builder, n: Node) -> Placed:
    """With fmod, the remainder has the sign of the dividend, as in C; else that of the divisor."""
    rounded = "sign({0}/{1})*floor(abs({0}/{1}))" if n.get("fmod", 0) else "floor({0}/{1})"
    return computed(b, f"{{0}} - {{1}}*{rounded}", b.operand(n, "A"), b.operand(n, "B"))


@OPERATORS.of("Max", "Min")
def _largest(b: Builder, n: Node) -> Placed:
    """Two inputs at a time."""
    first, *others = (v if isinstance(v, Constant) else b.tensor_of(n, v) for v in _inputs(n))
    for other in others:
        if isinstance(first, Constant) and isinstance(other, Constant):
            take = np.maximum if n.operator == "Max" else np.minimum
            first = Constant(take(first.array, other.array))
        else:
            first = computed(b, f"{n.operator.lower()}({{0}}, {{1}})", first, other)
    assert isinstance(first, Placed), "one of them depends on the input"
    return first


def _inputs(n: Node) -> list[Any]:
    return list(n.arguments["data_0"])


@OPERATORS.of("Sum")
def _sum(b: Builder, n: Node) -> Placed:
    return _added(b, n)


@OPERATORS.of("Mean")
def _mean(b: Builder, n: Node) -> Placed:
    return applied(b, _added(b, n), layers.Elementwise(f"x / {len(_inputs(n))}"))


def _added(b: Builder, n: Node) -> Placed:
    given = _inputs(n)
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
