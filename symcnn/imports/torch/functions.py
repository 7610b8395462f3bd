"""PyTorch: functions of every entry, dense layers, attention, tables of embeddings."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations import matrices
from symcnn.imports.operations.entrywise import (
    applied,
    clamped,
    learned,
    multiplied,
    softmax,
    summed,
)
from symcnn.imports.operations.matrices import dense
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
    mask = n.get("attn_mask")
    adds = isinstance(mask, Constant) and mask.array.dtype.kind == "f"
    if n.get("enable_gqa", False) or (mask is not None and not adds):
        raise SymcnnError("a mask of truths, or fewer heads for keys, is given: leave that out")
    query, key, value = (b.tensor(n, name) for name in ("query", "key", "value"))
    causal, scale = n.get("is_causal", False), n.get("scale")
    if mask is not None:
        return matrices.biased_attention(b, query, key, value, bias=mask, scale=scale)
    return matrices.attention(b, query, key, value, causal=causal, scale=scale)
