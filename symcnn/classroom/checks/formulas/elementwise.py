"""Functions of numbers that formulas may hold, among them the activation and its slope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

import numpy as np
from sympy import Dummy, Expr

from symcnn.classroom.checks.formulas.words import FUNCTIONS
from symcnn.derivation import derive
from symcnn.equations.values import Array
from symcnn.network import layers
from symcnn.network.layers.activation import Activation
from symcnn.network.losses import SumOfOutputs
from symcnn.network.network import Network
from symcnn.reference import FLOATS, evaluate


class Function(Protocol):
    """A function of one variable."""

    def __call__(self, numbers: Array, slope: bool, /) -> Array:
        """Return its values, or those of its derivative."""


_PLAIN: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "abs": np.abs,
    "sign": np.sign,
    "sin": np.sin,
    "cos": np.cos,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "sech": lambda z: 1 / np.cosh(z),
    "floor": lambda z: np.floor(z + 1e-9),
    "ceil": lambda z: np.ceil(z - 1e-9),
    "step": lambda z: np.where(z > 0, 1.0, 0.0),
}


def plain(name: str, arguments: list[Array], count: int) -> Array | None:
    """Return the values of a function that is not the activation; None for others."""
    own = FUNCTIONS.get(name, name)
    with np.errstate(all="ignore"):
        if own in _PLAIN and len(arguments) == 1:
            return np.asarray(_PLAIN[own](arguments[0]))
        if own in ("max", "min") and len(arguments) > 1:
            made = arguments[0]
            for other in arguments[1:]:
                made = np.maximum(made, other) if own == "max" else np.minimum(made, other)
            return made
        if own in ("diag", "trace") and len(arguments) == 1:
            return _diagonal(arguments[0], count)
        if own == "softmax" and len(arguments) == 1 and arguments[0].ndim > count:
            shares = np.exp(arguments[0])
            axis = -1 if arguments[0].shape[-1] > 1 else -2
            return np.asarray(shares / shares.sum(axis=axis, keepdims=True))
    return None


def _diagonal(vector: Array, count: int) -> Array | None:
    if vector.ndim - count != 2 or 1 not in vector.shape[-2:]:
        return None
    flat = vector.reshape(*vector.shape[:count], -1)
    return np.asarray(flat[..., :, None] * np.eye(flat.shape[-1]))


_NAMED = {
    **{"relu": layers.ReLU, "sigmoid": layers.Sigmoid, "tanh": layers.Tanh},
    **{"softplus": layers.Softplus, "gelu": layers.GELU, "silu": layers.SiLU},
    **{"swish": layers.SiLU, "elu": layers.ELU},
}


def activation(network: Network, name: str, target: str) -> Function | None:
    """Return the function of a name, or the activation of a network that stands next to a tensor.

    Args:
        network: The network.
        name: What the formula calls it: a name of its own, or a letter such as f.
        target: The tensor that the formula is about.
    """
    own = [s for s in network.stages if isinstance(s.layer, Activation)]
    if name.lower() in _NAMED:
        chosen = _NAMED[name.lower()]
        kept = next((s.layer for s in own if isinstance(s.layer, chosen)), None)
        return function_of(kept or chosen())
    near = [s for s in own if target in (s.input.name, s.output.name)]
    if near or own:
        return function_of((near or own)[0].layer)
    return function_of(layers.Sigmoid()) if name == "sigma" else None


@cache
def function_of(layer: Any) -> Function:
    """Return what an activation computes, and its slope by the derivation."""
    number = Dummy("z", real=True)
    network = Network((1,), [layer], SumOfOutputs())
    slope = derive(network).partial("x", (0,))
    symbol = next(iter(slope.free_symbols), number)
    forward: Expr = layer.function(number)

    def function(numbers: Array, slope_wanted: bool, /) -> Array:
        flat = np.ravel(numbers)
        expression, variable = (slope, symbol) if slope_wanted else (forward, number)
        found = evaluate(expression, {variable: flat}, FLOATS)
        return np.broadcast_to(np.real(found), flat.shape).reshape(numbers.shape)

    return function
