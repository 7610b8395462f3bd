"""The networks that are measured, in symcnn."""

from __future__ import annotations

from random import Random

from symcnn import (
    Conv2D,
    Dense,
    Flatten,
    HalfSquaredError,
    MaxPool2D,
    Network,
    Problem,
    ReLU,
    Sigmoid,
    Tanh,
)

SEED_VALUES = {
    "x": [1, 0.4, 0.7],
    "conv1.weight": [0.2, 0.3, -0.1, 0.1, -0.1, 0.2],
    "dense1.weight": [0.1, 0.5, 0.6],
    "target": [0.8],
}


def seed() -> Network:
    """The network of the notebook."""
    layers = [
        Conv2D(3, (2, 1), bias=False),
        MaxPool2D((2, 1), stride=1),
        Flatten(),
        Dense(1, bias=False),
        Sigmoid(),
    ]
    return Network((3, 1, 1), layers, HalfSquaredError())


def chain(layers: int) -> Problem:
    """Convolutions of a 10x10 image of 3 channels, each with a rectifier, and a dense layer.

    Args:
        layers: How many there are before the dense layer.
    """
    deep = [Conv2D(3, 3, padding=1) if n % 2 == 0 else ReLU() for n in range(layers)]
    network = Network((10, 10, 3), [*deep, Flatten(), Dense(2)], HalfSquaredError())
    random = Random(0)
    given = (tensor for tensor in network.tensors.values() if tensor.is_given)
    numbers = {t.name: [random.randint(-8, 8) / 16 for _ in range(t.size)] for t in given}
    return Problem(network, numbers)


def lenet5(size: int) -> Network:
    """LeCun et al. (1998), with max-pooling, on an image of size x size."""
    layers = [
        *(Conv2D(6, 5), Tanh(), MaxPool2D(2)),
        *(Conv2D(16, 5), Tanh(), MaxPool2D(2)),
        *(Flatten(), Dense(120), Tanh(), Dense(84), Tanh(), Dense(10)),
    ]
    return Network((size, size, 1), layers, HalfSquaredError())
