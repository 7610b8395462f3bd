"""PyTorch: functions of every entry, and softmax."""

from __future__ import annotations

from collections.abc import Callable

from symcnn.errors import SymcnnError
from symcnn.imports.builder import Builder, Operation
from symcnn.imports.graph import Node
from symcnn.imports.operations.entrywise import applied, clamped, softmax
from symcnn.imports.placed import Placed
from symcnn.imports.table import Operators
from symcnn.network.layers import (
    ELU,
    GELU,
    HardSigmoid,
    HardSwish,
    Layer,
    LeakyReLU,
    LogSoftmax,
    Mish,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)

OPERATORS = Operators("aten.")


def _function(layer: Callable[[Node], Layer], key: str = "self") -> Operation:
    """Return an operation that applies a layer to every entry."""
    return lambda b, n: applied(b, b.tensor(n, key), layer(n))


def _elu(n: Node) -> Layer:
    if n.get("scale", 1) != 1 or n.get("input_scale", 1) != 1:
        raise SymcnnError("a scaled ELU is not known: use ELU")
    return ELU(n.get("alpha", 1))


def _softplus(n: Node) -> Layer:
    if n.get("beta", 1) != 1:
        raise SymcnnError("a softplus with beta is not known: use beta = 1")
    return Softplus()


for _name, _layer in {
    "relu": lambda n: ReLU(),
    "relu6": lambda n: ReLU6(),
    "sigmoid": lambda n: Sigmoid(),
    "tanh": lambda n: Tanh(),
    "silu": lambda n: SiLU(),
    "mish": lambda n: Mish(),
    "gelu": lambda n: GELU(n.get("approximate", "none")),
    "hardsigmoid": lambda n: HardSigmoid(),
    "hardswish": lambda n: HardSwish(),
    "leaky_relu": lambda n: LeakyReLU(n.get("negative_slope", 0.01)),
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
    return softmax(b, b.tensor(n, "self"), Softmax(), n.arguments["dim"])


@OPERATORS.of("log_softmax.int", "_log_softmax.default")
def _log_softmax(b: Builder, n: Node) -> Placed:
    return softmax(b, b.tensor(n, "self"), LogSoftmax(), n.arguments["dim"])


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
