"""ONNX: dense layers and normalisations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operators
from symcnn.imports.graph import Constant, Node, Ref
from symcnn.imports.operations import matrices, norms
from symcnn.imports.operations.entrywise import applied, learned, shifted
from symcnn.imports.operations.matrices import dense
from symcnn.imports.placed import Placed
from symcnn.network.layers import PReLU, Scale

OPERATORS = Operators()


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


@OPERATORS.of("MatMul")
def _matmul(b: Builder, n: Node) -> Placed:
    if not isinstance(n.arguments["A"], Ref):
        return matrices.product_of(b, b.array(n, "A"), b.tensor(n, "B"))
    if not isinstance(n.arguments["B"], Ref):
        return matrices.product_with(b, b.tensor(n, "A"), b.array(n, "B"))
    return matrices.product(b, b.tensor(n, "A"), b.tensor(n, "B"))


@OPERATORS.of("BatchNormalization")
def _batch_norm(b: Builder, n: Node) -> Placed:
    if n.get("training_mode", 0) or n.get("spatial", 1) != 1:
        raise SymcnnError("training_mode is on, or spatial off: export the model for inference")
    scale = {"weight": b.constant(n, "scale"), "bias": b.constant(n, "B")}
    mean, variance = (
        b.constant(n, key) or b.constant(n, f"input_{key}") for key in ("mean", "var")
    )
    return norms.batch_norm(b, b.tensor(n, "X"), scale, mean, variance, n.get("epsilon"))


@OPERATORS.of("InstanceNormalization")
def _instance_norm(b: Builder, n: Node) -> Placed:
    scale = {"weight": b.constant(n, "scale"), "bias": b.constant(n, "B")}
    return norms.instance_norm(b, b.batch(n, "input"), scale, n.get("epsilon"))


@OPERATORS.of("LayerNormalization")
def _layer_norm(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, "X")
    axes = range(n.get("axis", -1) % len(x.stated), len(x.stated))
    scale = {"weight": b.constant(n, "Scale"), "bias": b.constant(n, "B")}
    shape = x.stated[axes[0] :]
    spread = {key: _spread(number, shape) for key, number in scale.items()}
    return norms.layer_norm(b, x, spread, axes, n.get("epsilon"))


def _spread(number: Constant | None, shape: Sequence[int]) -> Constant | None:
    return number and number.moved(lambda array: np.broadcast_to(array, shape))


@OPERATORS.of("RMSNormalization")
def _rms_norm(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, "X")
    axes = range(n.get("axis", -1) % len(x.stated), len(x.stated))
    return norms.rms_norm(b, x, b.constant(n, "scale"), axes, n.get("epsilon"))


@OPERATORS.of("GroupNormalization")
def _group_norm(b: Builder, n: Node) -> Placed:
    x, groups = b.batch(n, "X"), n.arguments["num_groups"]
    count = x.shape[1]
    scale = {"weight": b.constant(n, "scale"), "bias": b.constant(n, "bias")}
    spread = {
        key: number and number.moved(lambda array: np.repeat(array, count // len(array)))
        for key, number in scale.items()
    }
    return norms.group_norm(b, x, spread, groups, n.get("epsilon"))


@OPERATORS.of("PRelu")
def _prelu(b: Builder, n: Node) -> Placed:
    x, slopes = b.tensor(n, "X"), b.array(n, "slope")
    flat = slopes.moved(lambda array: array.ravel())
    if flat.array.size == 1:
        return applied(b, x, PReLU(shared=True), {"weight": flat})
    lengths = (*(1,) * (len(x.stated) - slopes.array.ndim), *slopes.array.shape)
    if lengths != (1, x.stated[1], *(1,) * (len(x.stated) - 2)):
        raise SymcnnError("slopes that differ between positions are not known: one per channel")
    return learned(b, x, PReLU(), {"weight": flat})


@OPERATORS.of("Neg")
def _negative(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "X"), Scale(-1))
