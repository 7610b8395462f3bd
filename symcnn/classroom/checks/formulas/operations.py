"""What formulas do with numbers and arrays: products of whole arrays, and functions.

Every array has axes of indices in front, as many as are in scope. Products are of matrices, by
entries, and sliding ones; among the functions are the activation and its slope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from itertools import product as places
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

Shape = tuple[int, ...]


def joined(
    operation: Callable[[Array, Array], Array], left: Array, right: Array, count: int
) -> Array:
    """Return an operation by entries; numbers fit to whole arrays.

    Raises:
        ValueError: If the shapes do not fit.
    """
    rank = max(left.ndim, right.ndim)
    a, b = (
        one.reshape((*one.shape[:count], *(1,) * (rank - one.ndim), *one.shape[count:]))
        for one in (left, right)
    )
    try:
        np.broadcast_shapes(a.shape[count:], b.shape[count:])
    except ValueError:
        words = _words(a.shape[count:], b.shape[count:])
        raise ValueError(f"arrays of {words} entries are joined entry by entry") from None
    with np.errstate(all="ignore"):
        return np.asarray(operation(a, b))


def _words(*shapes: Shape) -> str:
    return " and ".join(" x ".join(map(str, shape)) for shape in shapes)


def product(left: Array, right: Array, count: int, sign: str) -> Array:
    """Return what two factors side by side are: the product of matrices where it exists.

    Otherwise entries are multiplied, if the shapes are equal or one factor is a number.

    Raises:
        ValueError: If neither exists.
    """
    first, second = left.shape[count:], right.shape[count:]
    is_matrix = len(first) == len(second) == 2 and first[1] == second[0]
    if sign != "odot" and is_matrix:
        return np.asarray(left @ right)
    has_number = any(all(n == 1 for n in shape) for shape in (first, second))
    if has_number or (first == second and sign != "@"):
        return joined(np.multiply, left, right, count)
    raise ValueError(f"arrays of {_words(first, second)} entries have no product")


def convolved(
    image: Array, kernel: Array, count: int, star: str, mode: str, wanted: Shape
) -> Array:
    """Return the sliding product of an image with a kernel.

    Args:
        image: An image for every place of the indices.
        kernel: The kernel for every place.
        count: The number of the indices.
        star: ``convolution`` flips the kernel, ``correlation`` does not.
        mode: ``full``, ``valid`` or ``same``; without one, valid if this gives the shape that is
            due, or else full.
        wanted: The shape that is due.

    Raises:
        ValueError: If they are no images with the same number of axes.
    """
    if 0 in (image.ndim - count, kernel.ndim - count):
        return joined(np.multiply, image, kernel, count)
    if image.ndim != kernel.ndim or image.ndim - count not in (1, 2, 3):
        raise ValueError("a convolution joins two images of one channel")
    if star == "convolution":
        kernel = np.flip(kernel, tuple(range(count, kernel.ndim)))
    own = kernel.shape[count:]
    valid = tuple(a - b + 1 for a, b in zip(image.shape[count:], own, strict=True))
    mode = mode or ("valid" if valid == wanted or not wanted else "full")
    return _slid(image, kernel, count, [_PADS[mode](n) for n in own])


_PADS: dict[str, Callable[[int], tuple[int, int]]] = {
    "full": lambda n: (n - 1, n - 1),
    "valid": lambda n: (0, 0),
    "same": lambda n: ((n - 1) // 2, n // 2),
}


def _slid(image: Array, kernel: Array, count: int, pads: list[tuple[int, int]]) -> Array:
    own = kernel.shape[count:]
    padded = np.pad(image, [(0, 0)] * count + pads)
    sizes = [n - k + 1 for n, k in zip(padded.shape[count:], own, strict=True)]
    if min(sizes) < 1:
        raise ValueError("the kernel of a convolution is longer than the image")
    total: Array | float = 0.0
    for at in places(*map(range, own)):
        window = tuple(slice(start, start + size) for start, size in zip(at, sizes, strict=True))
        weight = kernel[_behind(at)]
        total = total + padded[_behind(window)] * weight.reshape(weight.shape + (1,) * len(own))
    return np.asarray(total)


def _behind(places_of: tuple[Any, ...]) -> Any:
    """Return what picks places along the last axes."""
    return (..., *places_of)


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
