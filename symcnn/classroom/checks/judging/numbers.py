"""Numbers that tell mistakes apart: distinct, not 0, of both signs, and short in every base.

Each is a multiple of a power of 1/2, so that every precision holds it exactly and products of a few
are exact. No two have the same absolute value where there is room for it, and none is 0, so that no
maximum is tied, no sum vanishes by accident and no sign can be exchanged unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log2

import numpy as np
from sympy import Rational

from symcnn.classroom.checks.judging.rounded import Array
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError
from symcnn.network.network import Network
from symcnn.reference import Forward

_LARGEST = {"input": 4.0, "parameter": 2.0, "target": 3.0, "given": 2.0}
"""About how large the numbers of a tensor become, by its role."""

_FEW = 8
"""So many different numbers can be followed by hand."""

_NEAR = 1e-9
"""So near to a kink an entry may lie on either side, by rounding."""

_MASK, _POSITIVE = ".mask", (".variance", ".weight")
"""Given tensors that hold 0 and 1 alone, and those whose numbers are positive."""


def drawn(
    network: Network,
    seed: int,
    *,
    tied: bool = False,
    fine: bool = False,
    short: bool = False,
    positive: bool = False,
    labels: bool = False,
) -> dict[str, Array]:
    """Return numbers for everything that a network is given, always the same for a seed.

    Args:
        network: The network.
        seed: Which numbers.
        tied: Whether the input holds few different numbers, so that maxima are tied.
        fine: Whether the numbers have all digits of single precision, whose products and sums
            are then rounded in it.
        short: Whether weights and error signals have few different numbers, with few digits.
        positive: Whether the input is positive, as that of a logarithm has to be.
        labels: Whether the target is 1 at one class of each sample, and 0 at the others.
    """
    made = {}
    for number, tensor in enumerate(network.given):
        draw = np.random.default_rng([seed, number])
        shape = tuple(int(n) for n in tensor.shape)
        if tied and tensor.role == "input":
            made[tensor.name] = draw.integers(1, 3, shape) * 1.0
        else:
            numbers = _numbers(network, tensor, shape, draw, _FEW if short else None)
            made[tensor.name] = _refined(tensor, numbers, draw) if fine else numbers
        if labels and tensor == network.target:
            made[tensor.name] = _labels(made[tensor.name])
        if positive and tensor.role == "input":
            made[tensor.name] = np.abs(made[tensor.name])
    return made


def _refined(tensor: Tensor, numbers: Array, draw: np.random.Generator) -> Array:
    """Move numbers by less than they differ; what are shares, masks or indices stay."""
    if tensor.role not in ("input", "parameter") and tensor.name != "gradient":
        return numbers
    moved = numbers * (1 + draw.uniform(-0.002, 0.002, numbers.shape))
    return np.asarray(moved.astype(np.float32).astype(float))


def _numbers(
    network: Network,
    tensor: Tensor,
    shape: tuple[int, ...],
    draw: np.random.Generator,
    few: int | None,
) -> Array:
    if tensor.name in network.indexing:
        return np.asarray(draw.integers(0, int(network.indexing[tensor.name]), shape))
    if tensor.role == "given" and tensor.name.endswith(_MASK):
        return (draw.permutation(int(np.prod(shape))) % 2).reshape(shape).astype(float)
    largest = _LARGEST.get(tensor.role, 2.0)
    made = distinct(shape, largest, draw, few if tensor.role in ("parameter", "given") else None)
    if tensor.role == "given" and tensor.name.endswith(_POSITIVE):
        return np.abs(made)
    return _as_target(network, tensor, made) if tensor == network.target else made


def distinct(
    shape: tuple[int, ...], largest: float, draw: np.random.Generator, few: int | None = None
) -> Array:
    """Return numbers with different absolute values, about as large as asked for.

    Args:
        shape: How many.
        largest: About how large they become.
        draw: What draws them.
        few: So many different absolute values at most.
    """
    count = int(np.prod(shape))
    most = min(count + max(2, count // 2), few or 2 * count + 2)
    step = 2.0 ** min(0, -ceil(log2(most / largest)))
    order = draw.permutation(max(count, most))[:count] % most
    sizes = (order + 0.5) * step  # no whole number, where kinks are
    signs = np.where(draw.permutation(count) % 3 == 0, -1.0, 1.0)
    if count == 1:
        signs = np.ones(1)
    return (sizes * signs).reshape(shape)


def _as_target(network: Network, tensor: Tensor, made: Array) -> Array:
    """Return numbers that the loss takes as its target: any, shares, a distribution, or less.

    Some losses take signs alone, or 1 at one class of each sample and 0 at the others.
    """
    sizes = np.abs(made) / 4 + 0.125
    whole = sizes.sum(axis=-1, keepdims=True)
    shares = (np.minimum(sizes, 0.875), sizes / whole)
    for numbers in (made, *shares, np.sign(made), _labels(made)):
        try:
            network.loss.check([*map(Rational, numbers.ravel().tolist())], tensor.shape)
        except SymcnnError:
            continue
        return np.asarray(numbers)
    return np.asarray(sizes / whole)


def _labels(made: Array) -> Array:
    return np.asarray(np.eye(made.shape[-1])[np.argmax(made, axis=-1)])


def has_kinks(network: Network, numbers: Mapping[str, Array]) -> bool:
    """Tell whether an entry lies where a slope jumps, as that of a rectifier does at 0."""
    return next(Forward(network, dict(numbers)).kinks(_NEAR), None) is not None
