"""ONNX: functions of every entry, sums, dense layers, recurrent operators."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.onnx.evaluator import SOFTMAX_AXES
from symcnn.imports.onnx.given import BOOL, FLOATS
from symcnn.imports.operations import recurrent
from symcnn.imports.operations.elementwise import clamped, computed, written
from symcnn.imports.operations.entrywise import (
    applied,
    combined,
    learned,
    shifted,
    softmax,
)
from symcnn.imports.operations.matrices import dense
from symcnn.imports.operations.recurrent import Cell, Weights
from symcnn.imports.operations.reshaping import reshaped, selected
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


_GATES = {"RNN": (0,), "GRU": (1, 0, 2), "LSTM": (0, 2, 3, 1)}
"""Where the gates are that PyTorch has first, second, ..."""

_USUAL = {"RNN": ["Tanh"], "GRU": ["Sigmoid", "Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}


@OPERATORS.of("RNN", "GRU", "LSTM")
def _recurrent(b: Builder, n: Node) -> Sequence[Placed]:
    x, batch_first = b.tensor(n, "X"), bool(n.get("layout", 0))
    axis = 1 if batch_first else 0
    if x.merged == (0, 0) and x.samples == axis:
        raise SymcnnError("the first axis is that of steps: transpose behind an input of samples")
    ways = {"forward": [0], "reverse": [1], "bidirectional": [0, 1]}[n.get("direction", "forward")]
    cell, xs, sides = _cell(n, len(ways), x.stated[axis]), recurrent.steps_of(b, x, axis), []
    states = ("initial_h", "initial_c") if n.operator == "LSTM" else ("initial_h",)
    for at, back in enumerate(ways):
        with b.part("back" if back else ""):
            start = [_start(b, n, key, at, batch_first) for key in states]
            weights = _weights(b, n, at)
            sides.append(recurrent.unrolled(b, cell, xs, start, weights, back=bool(back)))
    output = recurrent.stacked(b, [h for side in sides for h in side.outputs], "outputs")
    samples, units = output.stated[0], output.stated[-1]
    output = reshaped(b, output, (samples, len(ways), len(xs), units))
    last = zip(*(side.last for side in sides), strict=True)
    made = [recurrent.stacked(b, each, "states") for each in last]
    if batch_first:
        return [output.permuted((0, 2, 1, 3)), *made]
    return [output.permuted((2, 1, 0, 3)), *(state.permuted((1, 0, 2)) for state in made)]


def _cell(n: Node, directions: int, steps: int) -> Cell:
    """Return the cell, if its settings are known.

    Raises:
        SymcnnError: Names the setting.
    """
    for key in ("P", "clip", "input_forget"):
        if n.get(key) not in (None, 0):
            raise SymcnnError(f"{key} is given: leave it out")
    lengths = n.get("sequence_lens")
    if lengths is not None and not (
        isinstance(lengths, Constant) and (lengths.array == steps).all()
    ):
        raise SymcnnError("sequence_lens differ from the steps: give sequences of one length")
    usual = _USUAL[n.operator] * directions
    stated = n.get("activations", usual)[: len(usual)]
    given = [name.decode() if isinstance(name, bytes) else str(name) for name in stated]
    if n.operator == "RNN" and given == ["Relu"] * directions:
        return recurrent.plain(layers.ReLU())
    if given != usual:
        raise SymcnnError(f"activations are {', '.join(given)}: use {', '.join(usual)}")
    if n.operator == "GRU":
        return recurrent.gru if n.get("linear_before_reset", 0) else recurrent.gru_reset_first
    return recurrent.lstm if n.operator == "LSTM" else recurrent.plain(layers.Tanh())


def _weights(b: Builder, n: Node, at: int) -> Weights:
    gates = _GATES[n.operator]

    def in_order(rows: Array) -> Array:
        parts = np.split(rows, len(gates))
        made: Array = np.concatenate([parts[gate] for gate in gates])
        return made

    w, r = (b.array(n, key).moved(lambda array: in_order(array[at])) for key in ("W", "R"))
    bias = b.constant(n, "B")
    if bias is None:
        return Weights(w, r)
    of_input = bias.moved(lambda array: in_order(np.split(array[at], 2)[0]))
    return Weights(w, r, of_input, bias.moved(lambda a: in_order(np.split(a[at], 2)[1])))


def _start(b: Builder, n: Node, key: str, at: int, batch_first: bool) -> Placed | Constant | None:
    given, axis = n.get(key), 1 if batch_first else 0
    if given is None:
        return None
    if isinstance(given, Constant):
        return given.moved(lambda array: np.take(array, at, axis))
    return selected(b, b.tensor(n, key), axis, at)
