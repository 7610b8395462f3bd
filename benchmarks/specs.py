"""The networks that are timed, as data that every peer builds from in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Conv(NamedTuple):
    """A convolution without padding."""

    filters: int
    kernel: tuple[int, int]
    bias: bool = True


class Pool(NamedTuple):
    """A max-pooling."""

    window: tuple[int, int]
    stride: int


class Dense(NamedTuple):
    """A dense layer; in front of the first one images are flattened."""

    units: int
    bias: bool = True


Layer = Conv | Pool | Dense | str
"""A layer, or the name of a function: "tanh", "sigmoid"."""


@dataclass(frozen=True)
class Spec:
    """A network.

    Attributes:
        title: What the table calls it.
        shape: Height, width and channels of a sample.
        batch: The number of samples.
        dtype: The type of the numbers.
        layers: Its layers.
        loss: "softmax_cross_entropy", averaged over the batch, or "half_squared_error".
    """

    title: str
    shape: tuple[int, int, int]
    batch: int
    dtype: str
    layers: tuple[Layer, ...]
    loss: str = "softmax_cross_entropy"

    def parameters(self) -> list[tuple[int, ...]]:
        """Return the shapes of weights and biases, in symcnn's layouts."""
        return [shape for _, shapes in self.walk() for shape in shapes]

    def walk(self) -> list[tuple[Layer, list[tuple[int, ...]]]]:
        """Return every layer with the shapes of its parameters."""
        shape: tuple[int, ...] = self.shape
        made: list[tuple[Layer, list[tuple[int, ...]]]] = []
        for layer in self.layers:
            weight, shape = _weight_and_output(layer, shape)
            bias = [(weight[-1] if isinstance(layer, Conv) else weight[0],)] if weight else []
            wanted = not isinstance(layer, str | Pool) and layer.bias
            made.append((layer, [*([weight] if weight else []), *(bias if wanted else [])]))
        return made

    @property
    def multiplications(self) -> int:
        """The multiplications of a sample's forward pass."""
        total, shape = 0, self.shape
        for layer in self.layers:
            weight, shape = _weight_and_output(layer, shape)
            places = int(np.prod(shape[:-1])) if isinstance(layer, Conv) else 1
            total += places * int(np.prod(weight)) if weight else 0
        return total

    def numbers(self) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
        """Draw the input, the parameters and the target: the same ones for every peer."""
        drawn = np.random.default_rng(0)
        x = drawn.normal(size=(self.batch, *self.shape))
        weights = [drawn.normal(size=s) / (np.prod(s[:-1]) + 1) ** 0.5 for s in self.parameters()]
        target = np.full((self.batch, 1), 0.8)
        if self.loss == "softmax_cross_entropy":
            target = np.eye(10)[drawn.integers(0, 10, self.batch)]
        return (
            x.astype(self.dtype),
            [w.astype(self.dtype) for w in weights],
            target.astype(self.dtype),
        )


def _weight_and_output(
    layer: Layer, shape: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(layer, str):
        return (), shape
    if isinstance(layer, Dense):
        return (layer.units, int(np.prod(shape))), (layer.units,)
    window, stride = (layer.kernel, 1) if isinstance(layer, Conv) else (layer.window, layer.stride)
    rows, columns = ((n - w) // stride + 1 for n, w in zip(shape, window, strict=False))
    if isinstance(layer, Pool):
        return (), (rows, columns, shape[2])
    return (*window, shape[2], layer.filters), (rows, columns, layer.filters)


_HALVE = Pool((2, 2), 2)
SPECS = {
    "seed": Spec(
        "seed, one sample, float64",
        (3, 1, 1),
        1,
        "float64",
        (Conv(3, (2, 1), False), Pool((2, 1), 1), Dense(1, False), "sigmoid"),
        "half_squared_error",
    ),
    "S": Spec(
        "S: 8x8, batch 64, float32",
        (8, 8, 1),
        64,
        "float32",
        (Conv(4, (3, 3)), "tanh", _HALVE, Dense(10)),
    ),
    "M": Spec(
        "M: 16x16, batch 64, float32",
        (16, 16, 1),
        64,
        "float32",
        (Conv(8, (3, 3)), _HALVE, Conv(8, (3, 3)), _HALVE, Dense(10)),
    ),
    "LeNet-5": Spec(
        "LeNet-5: 32x32, batch 64, float32",
        (32, 32, 1),
        64,
        "float32",
        (
            *(Conv(6, (5, 5)), "tanh", _HALVE, Conv(16, (5, 5)), "tanh", _HALVE),
            *(Dense(120), "tanh", Dense(84), "tanh", Dense(10)),
        ),
    ),
}
