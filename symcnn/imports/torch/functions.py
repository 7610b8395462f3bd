"""PyTorch: functions of every entry, dense layers, attention, embeddings, recurrent layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations import matrices, recurrent
from symcnn.imports.operations.elementwise import clamped, computed, divided, written
from symcnn.imports.operations.entrywise import (
    applied,
    learned,
    multiplied,
    softmax,
    summed,
)
from symcnn.imports.operations.images import repeated
from symcnn.imports.operations.matrices import dense
from symcnn.imports.operations.recurrent import Cell, Start, Weights
from symcnn.imports.operations.reshaping import concatenated, selected
from symcnn.imports.operations.shared import function, plus_product
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators("aten.")


for _name, _layer in {
    "relu6": lambda n: layers.ReLU6(),
    "silu": lambda n: layers.SiLU(),
    "hardsigmoid": lambda n: layers.HardSigmoid(),
}.items():
    OPERATORS.of(f"{_name}.default", f"{_name}_.default")(function(_layer))


@OPERATORS.of(
    *(
        f"{name}{way}.default"
        for name in ("hardtanh", "clamp", "clamp_min", "clamp_max")
        for way in ("", "_")
    )
)
def _clamp(b: Builder, n: Node) -> Placed:
    usual = (-1, 1) if "hardtanh" in n.operator else (None, None)
    low, high = n.get("min_val", n.get("min", usual[0])), n.get("max_val", n.get("max", usual[1]))
    return clamped(b, b.tensor(n, "self"), low, high)


@OPERATORS.of("softmax.int", "_softmax.default", "log_softmax.int", "_log_softmax.default")
def _softmax(b: Builder, n: Node) -> Placed:
    layer = layers.LogSoftmax() if "log" in n.operator else layers.Softmax()
    return softmax(b, b.tensor(n, "self"), layer, n.arguments["dim"])


@OPERATORS.of("dropout.default", "dropout_.default", "feature_dropout.default")
def _dropout(b: Builder, n: Node) -> Placed:
    if n.get("train", False):
        raise SymcnnError("dropout is in training mode: export the module in evaluation mode")
    return b.tensor(n, "input" if "input" in n.arguments else "self")


@OPERATORS.of(
    *("contiguous.default", "clone.default", "detach.default", "alias.default"),
    *(
        "to.dtype",
        "to.dtype_layout",
        "_to_copy.default",
        "detach_.default",
        "lift_fresh_copy.default",
        "nan_to_num.default",
        "positive.default",
    ),
)
def _same(b: Builder, n: Node) -> Placed:
    return b.tensor(n, "self")


@OPERATORS.of("rsub.Scalar")
def _reversed_difference(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "self"), layers.Scale(-n.get("alpha", 1), n.arguments["other"]))


@OPERATORS.of("addcmul.default")
def _multiply_and_add(b: Builder, n: Node) -> Placed:
    x, y = b.operand(n, "tensor1"), b.operand(n, "tensor2")
    if isinstance(x, Constant) and isinstance(y, Constant):
        product: Placed | Constant = Constant(x.array * y.array)
    else:
        product = multiplied(b, x, y)
    return summed(b, b.operand(n, "self"), product, n.get("value", 1))


@OPERATORS.of(*(f"div{way}.{kind}_mode" for way in ("", "_") for kind in ("Tensor", "Scalar")))
def _rounded_quotient(b: Builder, n: Node) -> Placed:
    """A quotient may be rounded down, or towards 0."""
    x, y = b.operand(n, "self"), b.operand(n, "other")
    if n.get("rounding_mode") is None:
        return divided(b, x, y)
    down = n.get("rounding_mode") == "floor"
    rounded = "floor({0}/{1})" if down else "sign({0}/{1})*floor(abs({0}/{1}))"
    return computed(b, rounded, x, y)


@OPERATORS.of("addcdiv.default", "addcdiv_.default")
def _divide_and_add(b: Builder, n: Node) -> Placed:
    operands = [b.operand(n, name) for name in ("self", "tensor1", "tensor2")]
    return computed(b, f"{{0}} + {written(n.get('value', 1))}*{{1}}/{{2}}", *operands)


@OPERATORS.of("lerp.Scalar", "lerp.Tensor", "lerp_.Scalar", "lerp_.Tensor")
def _interpolate(b: Builder, n: Node) -> Placed:
    operands = [b.operand(n, name) for name in ("self", "end", "weight")]
    return computed(b, "{0} + {2}*({1} - {0})", *operands)


@OPERATORS.of("linear.default")
def _linear(b: Builder, n: Node) -> Placed:
    return dense(b, b.tensor(n, "input"), b.array(n, "weight"), b.constant(n, "bias"))


@OPERATORS.of("addmm.default")
def _addmm(b: Builder, n: Node) -> Placed:
    if n.get("beta", 1) != 1 or n.get("alpha", 1) != 1 or not isinstance(n.get("mat1"), Ref):
        return plus_product("mat1", "mat2")(b, n)
    weight = b.array(n, "mat2").moved(lambda array: array.T)
    return dense(b, b.tensor(n, "mat1"), weight, b.constant(n, "self"))


@OPERATORS.of("prelu.default")
def _prelu(b: Builder, n: Node) -> Placed:
    x, slopes = b.tensor(n, "self"), b.array(n, "weight")
    shared = slopes.array.size == 1 and x.stated[1] != 1
    if shared:
        return applied(b, x, layers.PReLU(shared=True), {"weight": slopes})
    return learned(b, x, layers.PReLU(), {"weight": slopes})


@OPERATORS.of("embedding.default")
def _embedding(b: Builder, n: Node) -> Placed:
    x, weight = b.batch(n, "indices"), b.array(n, "weight")
    name = b.add(layers.Embedding(*weight.array.shape), [x], {"weight": weight})
    rank = len(x.shape)
    return Placed(name, (*x.shape, weight.array.shape[1]), (*x.order, rank))


@OPERATORS.of("scaled_dot_product_attention.default")
def _attention(b: Builder, n: Node) -> Placed:
    if n.get("enable_gqa", False):
        raise SymcnnError("fewer heads for keys are given: repeat the keys and values instead")
    mask = None if n.get("attn_mask") is None else b.operand(n, "attn_mask")
    if isinstance(mask, Constant) and mask.array.dtype.kind == "b":  # a score is kept where it is 1
        mask = Constant(np.where(mask.array, 0.0, -np.inf))
    query, *others = (b.tensor(n, name) for name in ("query", "key", "value"))
    heads = query.stated[:-2]
    key, value = (
        x if x.stated[:-2] == heads else repeated(b, x, (*heads, *x.stated[-2:])) for x in others
    )
    causal, scale = n.get("is_causal", False), n.get("scale")
    if mask is not None:
        return matrices.biased_attention(b, query, key, value, bias=mask, scale=scale)
    return matrices.attention(b, query, key, value, causal=causal, scale=scale)


_CELLS: dict[str, Cell] = {
    "rnn_tanh": recurrent.plain(layers.Tanh()),
    "rnn_relu": recurrent.plain(layers.ReLU()),
    "gru": recurrent.gru,
    "lstm": recurrent.lstm,
}


@OPERATORS.of(*(f"{name}.input" for name in _CELLS))
def _layers(b: Builder, n: Node) -> Sequence[Placed]:
    """Each direction of each layer is a cell; the next layer reads both directions side by side."""
    if n.get("train", False) and n.get("dropout", 0):
        raise SymcnnError("dropout is in training mode: export the module in evaluation mode")
    x, axis = b.tensor(n, "input"), 1 if n.arguments["batch_first"] else 0
    if x.merged == (0, 0) and x.samples == axis:
        raise SymcnnError("the first axis is that of steps: set batch_first=True")
    cell, directions = _CELLS[n.operator.split(".")[1]], 2 if n.arguments["bidirectional"] else 1
    weights = [*_weights(n, n.arguments["num_layers"] * directions)]
    xs, finals = recurrent.steps_of(b, x, axis), []
    for at in range(0, len(weights), directions):
        sides = []
        for back in range(directions):
            with b.part(_named(at // directions, back, len(weights))):
                start = _start(b, n, at + back)
                made = recurrent.unrolled(b, cell, xs, start, weights[at + back], back=bool(back))
            sides.append(made.outputs)
            finals.append(made.last)
        xs = [concatenated(b, both, 1) for both in zip(*sides, strict=True)]
    output = recurrent.stacked(b, xs, "outputs")
    states = [recurrent.stacked(b, each, "states") for each in zip(*finals, strict=True)]
    turned = [state.permuted((1, 0, 2)) for state in states]
    return [output if axis == 1 else output.permuted((1, 0, 2)), *turned]


def _named(layer: int, back: int, cells: int) -> str:
    return f"layer{layer + 1}{'.back' if back else ''}" if cells > 1 else ""


def _weights(n: Node, cells: int) -> Sequence[Weights]:
    given = n.arguments["params"]
    count = 4 if n.arguments["has_biases"] else 2
    if len(given) != count * cells:
        raise SymcnnError("a projection of the state is not supported: leave proj_size out")
    return [Weights(*given[at : at + count]) for at in range(0, len(given), count)]


def _start(b: Builder, n: Node, at: int) -> Start:
    """Return the state before the first step of a cell, of (cells, samples, units)."""
    given = n.arguments["hx"]
    return [_of_cell(b, n, each, at) for each in (given if isinstance(given, list) else [given])]


def _of_cell(b: Builder, n: Node, given: Any, at: int) -> Placed | Constant:
    if isinstance(given, Constant):
        return given.moved(lambda array: array[at])
    return selected(b, b.tensor_of(n, given), 0, at)


@OPERATORS.of(*(f"{name}_cell.default" for name in _CELLS))
def _cell(b: Builder, n: Node) -> Sequence[Placed]:
    x, given = b.tensor(n, "input"), n.arguments["hx"]
    matrices, biases = (b.array(n, key) for key in ("w_ih", "w_hh")), ("b_ih", "b_hh")
    weights = Weights(*matrices, *(b.constant(n, key) for key in biases))
    listed = given if isinstance(given, list) else [given]
    start = [g if isinstance(g, Constant) else b.tensor_of(n, g) for g in listed]
    cell = _CELLS[n.operator.split(".")[1].removesuffix("_cell")]
    return cell(b, x, recurrent.begun(b, x, start, weights), weights)
