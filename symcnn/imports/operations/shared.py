"""Operators that PyTorch and ONNX both have, each read once: only the names of arguments differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, OfBoth, Operation
from symcnn.imports.graph import Constant, Node
from symcnn.imports.operations import matrices, norms
from symcnn.imports.operations.einsums import einsum, product_of_matrices
from symcnn.imports.operations.elementwise import divided, written
from symcnn.imports.operations.entrywise import Operand, applied, multiplied, shifted, summed
from symcnn.imports.operations.images import repeated
from symcnn.imports.operations.reshaping import concatenable, concatenated, reshaped
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = OfBoth()

X = "self", "input", "X", "data"
"""What operators call the tensor that they read."""

_WEIGHT, _BIAS = ("weight", "scale", "Scale"), ("bias", "B")


def _elu(n: Node) -> layers.Layer:
    scales = n.get("scale", 1), n.get("input_scale", 1)
    if scales == (1, 1):
        return layers.ELU(n.get("alpha", 1))
    alpha, scale, inner = map(written, (n.get("alpha", 1), *scales))
    return layers.Elementwise(f"{scale}*(max(x, 0) + {alpha}*(exp({inner}*min(x, 0)) - 1))")


def _softplus(n: Node) -> layers.Layer:
    if n.get("beta", 1) == 1:
        return layers.Softplus()
    beta = written(n.get("beta"))
    return layers.Elementwise(f"softplus({beta}*x) / {beta}")


def function(layer: Callable[[Node], layers.Layer]) -> Operation:
    """Return an operation that applies a layer to every entry."""
    return lambda b, n: applied(b, b.tensor(n, *X), layer(n))


_FUNCTIONS: dict[tuple[str, str], Callable[[Node], layers.Layer]] = {
    ("relu", "Relu"): lambda n: layers.ReLU(),
    ("sigmoid", "Sigmoid"): lambda n: layers.Sigmoid(),
    ("tanh", "Tanh"): lambda n: layers.Tanh(),
    ("mish", "Mish"): lambda n: layers.Mish(),
    ("gelu", "Gelu"): lambda n: layers.GELU(n.get("approximate", "none")),
    ("hardswish", "HardSwish"): lambda n: layers.HardSwish(),
    ("leaky_relu", "LeakyRelu"): lambda n: layers.LeakyReLU(
        n.get("negative_slope", n.get("alpha", 0.01))
    ),
    ("elu", "Elu"): _elu,
    ("softplus", "Softplus"): _softplus,
}
for (_torch, _onnx), _layer in _FUNCTIONS.items():
    OPERATORS.of([f"{_torch}.default", f"{_torch}_.default"], [_onnx])(function(_layer))


def arithmetic(name: str) -> list[str]:
    """Return what PyTorch calls an operation of arithmetic, in place or not."""
    return [f"{name}{way}.{kind}" for way in ("", "_") for kind in ("Tensor", "Scalar")]


def either(b: Builder, n: Node) -> tuple[Operand, Operand]:
    """Return the two operands of an operation, one of which at least depends on the input."""
    return b.operand(n, "self", "A"), b.operand(n, "other", "mat2", "values", "B")


@OPERATORS.of([*arithmetic("add"), *arithmetic("sub")], ["Add", "Sub"])
def _add(b: Builder, n: Node) -> Placed:
    sign = -1 if "sub" in n.operator.lower() else 1
    return summed(b, *either(b, n), sign * n.get("alpha", 1))


@OPERATORS.of(arithmetic("mul"), ["Mul"])
def _multiply(b: Builder, n: Node) -> Placed:
    return multiplied(b, *either(b, n))


@OPERATORS.of(arithmetic("div"), ["Div"])
def _divide(b: Builder, n: Node) -> Placed:
    return divided(b, *either(b, n))


@OPERATORS.of(["neg.default"], ["Neg"])
def _negative(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, *X), layers.Scale(-1))


@OPERATORS.of(["matmul.default", "bmm.default", "mm.default"], ["MatMul"])
def _matmul(b: Builder, n: Node) -> Placed:
    return matrix_product(b, *either(b, n))


def matrix_product(b: Builder, x: Operand, y: Operand) -> Placed:
    """Return the product of tensors or constants, matrices along their last two axes."""
    ranks = [len(v.stated) if isinstance(v, Placed) else v.array.ndim for v in (x, y)]
    if isinstance(y, Constant) and isinstance(x, Placed) and ranks[1] == 2:
        return matrices.product_with(b, x, y)
    if isinstance(x, Constant) and isinstance(y, Placed) and ranks[0] == 2 < ranks[1]:
        return matrices.product_of(b, x, y)
    if isinstance(x, Placed) and isinstance(y, Placed) and ranks[0] == ranks[1]:
        return matrices.product(b, x, y)
    return einsum(b, product_of_matrices(*ranks), [x, y])


def plus_product(first: str, second: str) -> Callable[[Builder, Node], Placed]:
    """Return an operation alpha x y + beta b, where x y is a product of matrices.

    A learned b is kept as it is: it is added before a multiplication by beta.
    """

    def operation(b: Builder, n: Node) -> Placed:
        made = matrix_product(b, b.operand(n, first), b.operand(n, second))
        start, alpha, beta = b.operand(n, "self"), n.get("alpha", 1), n.get("beta", 1)
        if beta and isinstance(start, Constant) and start.parameter:
            return _scaled(b, shifted(b, _scaled(b, made, alpha / beta), start), beta)
        return summed(b, _scaled(b, made, alpha), start, beta) if beta else made

    return operation


def _scaled(b: Builder, x: Placed, factor: float) -> Placed:
    return x if factor == 1 else applied(b, x, layers.Scale(factor))


def _numbers(b: Builder, n: Node) -> dict[str, norms.Numbers]:
    return {"weight": b.constant(n, *_WEIGHT), "bias": b.constant(n, *_BIAS)}


def _epsilon(n: Node, usual: float = 1e-5) -> Any:
    return n.get("eps", n.get("epsilon", usual))


def _statistics(b: Builder, n: Node) -> tuple[norms.Numbers, norms.Numbers]:
    mean = b.constant(n, "running_mean", "mean", "input_mean")
    return mean, b.constant(n, "running_var", "var", "input_var")


@OPERATORS.of(["batch_norm.default"], ["BatchNormalization"])
def _batch_norm(b: Builder, n: Node) -> Placed:
    if n.get("training_mode", 0) or n.get("spatial", 1) != 1:
        raise SymcnnError("training_mode is on, or spatial off: export the model for inference")
    given = (None, None) if n.get("training") else _statistics(b, n)
    return norms.batch_norm(b, b.tensor(n, *X), _numbers(b, n), *given, _epsilon(n))


@OPERATORS.of(["instance_norm.default"], ["InstanceNormalization"])
def _instance_norm(b: Builder, n: Node) -> Placed:
    x = b.batch(n, *X)
    if n.get("use_input_stats", True):
        return norms.instance_norm(b, x, _numbers(b, n), _epsilon(n))
    return norms.batch_norm(b, x, _numbers(b, n), *_statistics(b, n), _epsilon(n))


@OPERATORS.of(["group_norm.default"], ["GroupNormalization"])
def _group_norm(b: Builder, n: Node) -> Placed:
    """Older sets of ONNX have a number for each group."""
    x = b.batch(n, *X)
    count = x.shape[1]
    spread = {
        key: number and number.moved(lambda array: np.repeat(array, count // len(array)))
        for key, number in _numbers(b, n).items()
    }
    return norms.group_norm(b, x, spread, n.arguments["num_groups"], _epsilon(n))


def _last(n: Node, x: Placed) -> range:
    """Return the axes that are normalised: so many, or those from one on."""
    rank = len(x.stated)
    shape = n.get("normalized_shape")
    return range(n.get("axis", -1) % rank if shape is None else rank - len(shape), rank)


@OPERATORS.of(["layer_norm.default"], ["LayerNormalization"])
def _layer_norm(b: Builder, n: Node) -> Placed:
    x = b.tensor(n, *X)
    axes = _last(n, x)
    shape = x.stated[axes[0] :]
    spread = {
        key: number and number.moved(lambda array: np.broadcast_to(array, shape))
        for key, number in _numbers(b, n).items()
    }
    return norms.layer_norm(b, x, spread, axes, _epsilon(n))


@OPERATORS.of(["rms_norm.default"], ["RMSNormalization"])
def _rms_norm(b: Builder, n: Node) -> Placed:
    x, weight = b.tensor(n, *X), b.constant(n, *_WEIGHT)
    return norms.rms_norm(b, x, weight, _last(n, x), _epsilon(n, 2.0**-52))


@OPERATORS.of(
    [
        *("view.default", "reshape.default", "reshape_as.default", "view_as.default"),
        *("flatten.using_ints", "unflatten.int", "_unsafe_view.default", "squeeze.default"),
        *("squeeze.dim", "squeeze.dims", "unsqueeze.default", "squeeze_.dim", "unsqueeze_.default"),
    ],
    ["Reshape", "Flatten", "Squeeze", "Unsqueeze"],
)
def _reshape(b: Builder, n: Node) -> Placed:
    """The shape of the output says everything: the entries stay in order."""
    return reshaped(b, b.tensor(n, *X), n.shape)


@OPERATORS.of(["expand.default", "expand_as.default", "broadcast_to.default"], ["Expand"])
def _expand(b: Builder, n: Node) -> Placed:
    return repeated(b, b.tensor(n, *X), n.shape)


@OPERATORS.of(["cat.default"], ["Concat"])
def _concatenate(b: Builder, n: Node) -> Placed:
    parts = concatenable(b, n, n.get("tensors", n.get("inputs")))
    return concatenated(b, parts, n.get("dim", n.get("axis", 0)))
