"""PyTorch: products of matrices, and attention."""

from __future__ import annotations

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations import matrices
from symcnn.imports.placed import Placed
from symcnn.imports.table import Operators

OPERATORS = Operators("aten.")


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
