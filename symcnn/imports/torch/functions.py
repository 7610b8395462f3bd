"""PyTorch: functions of every entry, softmax, and sums, differences, products and quotients."""

from __future__ import annotations

from collections.abc import Callable

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operation, Operators
from symcnn.imports.graph import Constant, Node, Ref
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
from symcnn.imports.placed import Placed
from symcnn.network import layers

OPERATORS = Operators("aten.")


def _function(layer: Callable[[Node], layers.Layer], key: str = "self") -> Operation:
    """Return an operation that applies a layer to every entry."""
    return lambda b, n: applied(b, b.tensor(n, key), layer(n))


def _elu(n: Node) -> layers.Layer:
    if n.get("scale", 1) != 1 or n.get("input_scale", 1) != 1:
        raise SymcnnError("a scaled ELU is not known: use ELU")
    return layers.ELU(n.get("alpha", 1))


def _softplus(n: Node) -> layers.Layer:
    if n.get("beta", 1) != 1:
        raise SymcnnError("a softplus with beta is not known: use beta = 1")
    return layers.Softplus()


for _name, _layer in {
    "relu": lambda n: layers.ReLU(),
    "relu6": lambda n: layers.ReLU6(),
    "sigmoid": lambda n: layers.Sigmoid(),
    "tanh": lambda n: layers.Tanh(),
    "silu": lambda n: layers.SiLU(),
    "mish": lambda n: layers.Mish(),
    "gelu": lambda n: layers.GELU(n.get("approximate", "none")),
    "hardsigmoid": lambda n: layers.HardSigmoid(),
    "hardswish": lambda n: layers.HardSwish(),
    "leaky_relu": lambda n: layers.LeakyReLU(n.get("negative_slope", 0.01)),
    "elu": _elu,
    "softplus": _softplus,
}.items():
    OPERATORS.of(f"{_name}.default", f"{_name}_.default")(_function(_layer))


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


@OPERATORS.of("softmax.int", "_softmax.default")
def _softmax(b: Builder, n: Node) -> Placed:
    return softmax(b, b.tensor(n, "self"), layers.Softmax(), n.arguments["dim"])


@OPERATORS.of("log_softmax.int", "_log_softmax.default")
def _log_softmax(b: Builder, n: Node) -> Placed:
    return softmax(b, b.tensor(n, "self"), layers.LogSoftmax(), n.arguments["dim"])


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


_FOLDED = "what does not depend on the input is a constant of the graph"


def _names(name: str) -> list[str]:
    return [f"{name}{way}.{kind}" for way in ("", "_") for kind in ("Tensor", "Scalar")]


@OPERATORS.of(*_names("add"), *_names("sub"))
def _add(b: Builder, n: Node) -> Placed:
    sign = -1 if ".sub" in n.operator else 1
    return _sum(b, _read(b, n, "self"), _read(b, n, "other"), sign * n.get("alpha", 1))


@OPERATORS.of("rsub.Scalar")
def _reversed_difference(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "self"), layers.Scale(-n.get("alpha", 1), n.arguments["other"]))


@OPERATORS.of(*_names("mul"))
def _multiply(b: Builder, n: Node) -> Placed:
    made = _product(b, _read(b, n, "self"), _read(b, n, "other"))
    assert isinstance(made, Placed), _FOLDED
    return made


@OPERATORS.of("addcmul.default")
def _multiply_and_add(b: Builder, n: Node) -> Placed:
    product = _product(b, _read(b, n, "tensor1"), _read(b, n, "tensor2"))
    return _sum(b, _read(b, n, "self"), product, n.get("value", 1))


def _read(b: Builder, n: Node, key: str) -> Placed | Constant:
    return b.tensor(n, key) if isinstance(n.arguments[key], Ref) else b.array(n, key)


def _sum(b: Builder, x: Placed | Constant, y: Placed | Constant, by: float) -> Placed:
    """Return x + by*y."""
    if isinstance(y, Constant):
        assert isinstance(x, Placed), _FOLDED
        return shifted(b, x, y, by)
    if isinstance(x, Placed) and abs(by) == 1:
        return combined(b, [x, y], layers.Add() if by == 1 else layers.Subtract())
    y = y if by == 1 else applied(b, y, layers.Scale(by))
    return combined(b, [x, y], layers.Add()) if isinstance(x, Placed) else shifted(b, y, x)


def _product(b: Builder, x: Placed | Constant, y: Placed | Constant) -> Placed | Constant:
    if isinstance(x, Constant):
        return Constant(x.array * y.array) if isinstance(y, Constant) else stretched(b, y, x)
    if isinstance(y, Constant):
        return stretched(b, x, y)
    return combined(b, [x, y], layers.Multiply())


@OPERATORS.of(*_names("div"))
def _divide(b: Builder, n: Node) -> Placed:
    first, second = n.arguments["self"], n.arguments["other"]
    if isinstance(first, Ref) and isinstance(second, Ref):
        return combined(b, [b.tensor_of(n, first), b.tensor_of(n, second)], layers.Divide())
    if not isinstance(first, Ref):
        raise SymcnnError("a constant is divided by a tensor: multiply by the inverse instead")
    return divided(b, b.tensor_of(n, first), b.array(n, "other"))


@OPERATORS.of("pow.Tensor_Scalar", "square.default")
def _power(b: Builder, n: Node) -> Placed:
    return power(b, b.tensor(n, "self"), n.get("exponent", 2))


@OPERATORS.of("neg.default")
def _negative(b: Builder, n: Node) -> Placed:
    return applied(b, b.tensor(n, "self"), layers.Scale(-1))
