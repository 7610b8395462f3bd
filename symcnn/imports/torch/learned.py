"""PyTorch: dense layers, products of matrices, attention, normalisations, tables of embeddings."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations import matrices, norms
from symcnn.imports.operations.entrywise import applied, learned
from symcnn.imports.operations.matrices import dense
from symcnn.imports.placed import Placed
from symcnn.network.layers import Embedding, PReLU

OPERATORS = Operators("aten.")


def _scale(b: Builder, n: Node) -> dict[str, norms.Numbers]:
    return {key: b.constant(n, key) for key in ("weight", "bias")}


@OPERATORS.of("linear.default")
def _linear(b: Builder, n: Node) -> Placed:
    return dense(b, b.tensor(n, "input"), b.array(n, "weight"), b.constant(n, "bias"))


@OPERATORS.of("addmm.default")
def _addmm(b: Builder, n: Node) -> Placed:
    if n.get("beta", 1) != 1 or n.get("alpha", 1) != 1:
        raise SymcnnError("alpha or beta is not 1: use torch.nn.Linear")
    weight = b.array(n, "mat2").moved(lambda array: array.T)
    return dense(b, b.tensor(n, "mat1"), weight, b.constant(n, "self"))


@OPERATORS.of("batch_norm.default")
def _batch_norm(b: Builder, n: Node) -> Placed:
    names = ("running_mean", "running_var")
    mean, variance = (None if n.get("training") else b.constant(n, key) for key in names)
    return norms.batch_norm(
        b, b.tensor(n, "input"), _scale(b, n), mean, variance, n.get("eps", 1e-5)
    )


@OPERATORS.of("group_norm.default")
def _group_norm(b: Builder, n: Node) -> Placed:
    groups, eps = n.arguments["num_groups"], n.get("eps", 1e-5)
    return norms.group_norm(b, b.batch(n, "input"), _scale(b, n), groups, eps)


@OPERATORS.of("instance_norm.default")
def _instance_norm(b: Builder, n: Node) -> Placed:
    x, eps = b.batch(n, "input"), n.get("eps", 1e-5)
    if n.get("use_input_stats", True):
        return norms.instance_norm(b, x, _scale(b, n), eps)
    mean, variance = (b.constant(n, key) for key in ("running_mean", "running_var"))
    return norms.batch_norm(b, x, _scale(b, n), mean, variance, eps)


def _last(n: Node) -> range:
    return range(-len(n.arguments["normalized_shape"]), 0)


@OPERATORS.of("layer_norm.default")
def _layer_norm(b: Builder, n: Node) -> Placed:
    axes, eps = _last(n), n.get("eps", 1e-5)
    return norms.layer_norm(b, b.tensor(n, "input"), _scale(b, n), axes, eps)


@OPERATORS.of("rms_norm.default")
def _rms_norm(b: Builder, n: Node) -> Placed:
    axes, eps = _last(n), n.get("eps", 2.0**-52)
    return norms.rms_norm(b, b.tensor(n, "input"), b.constant(n, "weight"), axes, eps)


@OPERATORS.of("prelu.default")
def _prelu(b: Builder, n: Node) -> Placed:
    x, slopes = b.tensor(n, "self"), b.array(n, "weight")
    shared = slopes.array.size == 1 and x.stated[1] != 1
    if shared:
        return applied(b, x, PReLU(shared=True), {"weight": slopes})
    return learned(b, x, PReLU(), {"weight": slopes})


@OPERATORS.of("embedding.default")
def _embedding(b: Builder, n: Node) -> Placed:
    x, weight = b.batch(n, "indices"), b.array(n, "weight")
    name = b.add(Embedding(*weight.array.shape), [x], {"weight": weight})
    rank = len(x.shape)
    return Placed(name, (*x.shape, weight.array.shape[1]), (*x.order, rank))


@OPERATORS.of("matmul.default", "bmm.default", "mm.default")
def _matmul(b: Builder, n: Node) -> Placed:
    first, second = ("self", "mat2" if "mat2" in n.arguments else "other")
    if not isinstance(n.arguments[first], Ref):
        return matrices.product_of(b, b.array(n, first), b.tensor(n, second))
    if not isinstance(n.arguments[second], Ref):
        return matrices.product_with(b, b.tensor(n, first), b.array(n, second))
    return matrices.product(b, b.tensor(n, first), b.tensor(n, second))


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
