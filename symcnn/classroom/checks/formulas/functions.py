"""Functions of numbers that formulas may hold, among them the activation and its slope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any, Protocol

import numpy as np
from sympy import Dummy, Expr

from symcnn.classroom.checks.formulas.spelling import FUNCTIONS
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
    **{
        own: getattr(np, own) for own in ("exp", "log", "abs", "sign", "sin", "cos", "sinh", "cosh")
    },
    "sech": lambda z: 1 / np.cosh(z),
    "floor": lambda z: np.floor(z + 1e-9),
    "ceil": lambda z: np.ceil(z - 1e-9),
    "step": lambda z: np.where(z > 0, 1.0, 0.0),
}
_EXTREMES = {"max": np.maximum, "min": np.minimum}


def plain(name: str, arguments: list[Array], count: int) -> Array | None:
    """Return the values of a function that is not the activation; None for others."""
    own, (first, *others) = FUNCTIONS.get(name, name), arguments
    with np.errstate(all="ignore"):
        if own in _EXTREMES and others:
            return reduce(_EXTREMES[own], others, first)
        if own in _PLAIN and not others:
            return np.asarray(_PLAIN[own](first))
        if own in ("diag", "trace") and not others:
            return _diagonal(first, count)
        if own == "softmax" and not others and first.ndim > count:
            shares = np.exp(first)
            axis = -1 if first.shape[-1] > 1 else -2
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
    if chosen := _NAMED.get(name.lower()):
        kept = next((s.layer for s in own if isinstance(s.layer, chosen)), None)
        return _function_of(kept or chosen())
    near = [s for s in own if target in (s.input.name, s.output.name)]
    if near or own:
        return _function_of((near or own)[0].layer)
    return _function_of(layers.Sigmoid()) if name == "sigma" else None


@cache
def _function_of(layer: Any) -> Function:
    """Return what an activation computes, and its slope by the derivation."""
    number = Dummy("z", real=True)
    slope = derive(Network((1,), [layer], SumOfOutputs())).partial("x", (0,))
    symbol = next(iter(slope.free_symbols), number)
    forward: Expr = layer.function(number)

    def function(numbers: Array, slope_wanted: bool, /) -> Array:
        flat = np.ravel(numbers)
        expression, variable = (slope, symbol) if slope_wanted else (forward, number)
        found = evaluate(expression, {variable: flat}, FLOATS)
        return np.broadcast_to(np.real(found), flat.shape).reshape(numbers.shape)

    return function
