"""Random small networks with numbers, the same ones each time."""

from __future__ import annotations

import itertools
import random
from math import prod
from typing import NamedTuple

import numpy as np

from symcnn import (
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2D,
    Network,
    ReLU,
    Sigmoid,
    SymcnnError,
    Tanh,
)


class Example(NamedTuple):
    network: Network
    values: dict[str, np.ndarray]


def example(seed: int, most: int = 7) -> Example:
    """Draw a network whose shapes fit; images have at most ``most`` rows and columns."""
    drawn = random.Random(seed)
    while True:
        try:
            network = _network(drawn, most)
        except SymcnnError:
            continue
        return Example(network, _values(network, seed, whole=drawn.random() < 0.4))


def tiny_example(seed: int, most_terms: int = 400) -> Example:
    """Draw a network that is small enough to be written out entry by entry."""
    numbers = itertools.count(seed * 1000)
    drawn = (example(number, most=4) for number in numbers)
    return next(e for e in drawn if _terms(e.network) <= most_terms)


def _terms(network: Network) -> int:
    return sum(prod(loop.size for loop in e.loops) for e in network.equations)


def _network(drawn: random.Random, most: int) -> Network:
    shape = (drawn.randint(2, most), drawn.randint(2, most), drawn.choice([1, 2, 4]))
    blocks = [layer for _ in range(drawn.randint(1, 2)) for layer in _block(drawn)]
    head = [Flatten(), Dense(drawn.randint(1, 3), bias=drawn.random() < 0.5), Sigmoid()]
    return Network(
        shape,
        [*blocks, *head[: drawn.randint(0, 3)]],
        HalfSquaredError(reduction=drawn.choice(["mean", "sum"])),
        batch=drawn.choice([None, 1, 2, 3]),
    )


def _block(drawn: random.Random) -> list:
    pool = drawn.choice([MaxPool2D, MaxPool2D, AvgPool2D, None])
    activation = drawn.choice([Sigmoid, Tanh, ReLU, None])
    layers = [_convolution(drawn)]
    layers += [pool(*_window(drawn))] if pool else []
    return layers + ([activation()] if activation else [])


def _convolution(drawn: random.Random) -> Conv2D:
    size, stride, padding = _window(drawn, most_padding=3)
    return Conv2D(
        drawn.choice([1, 2, 4]),
        size,
        stride,
        padding,
        dilation=(drawn.choice([1, 1, 2]), drawn.choice([1, 1, 3])),
        groups=drawn.choice([1, 1, 2]),
        bias=drawn.random() < 0.5,
    )


def _window(drawn: random.Random, most_padding: int = 1) -> tuple:
    size = drawn.randint(1, 3), drawn.randint(1, 3)
    stride = drawn.randint(1, 3), drawn.randint(1, 4)
    pads = [(drawn.randint(0, most_padding), drawn.randint(0, most_padding)) for _ in size]
    return size, stride, drawn.choice([0, tuple(pads)])


def _values(network: Network, seed: int, whole: bool) -> dict[str, np.ndarray]:
    """Draw normal numbers, or whole ones so that maxima are tied."""
    drawn = np.random.default_rng(seed)
    return {
        tensor.name: drawn.integers(-2, 3, tensor.shape).astype(float)
        if whole
        else drawn.normal(size=tensor.shape)
        for tensor in network.tensors.values()
        if tensor.role in ("input", "parameter", "target")
    }
