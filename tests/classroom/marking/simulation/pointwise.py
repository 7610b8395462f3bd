"""Functions of one entry, flattening, and sums of two outputs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import ONE, ZERO, Array, Position, positions
from tests.classroom.marking.simulation.deciding import greatest, slope_at
from tests.classroom.marking.simulation.layer import ANYWHERE, Layer, Names


def sigmoid(z: Decimal) -> Decimal:
    return ONE / (ONE + (-z).exp())


def tanh(z: Decimal) -> Decimal:
    return 2 * sigmoid(2 * z) - 1


class Pointwise(Layer):
    """a[i] = f(z[i])."""

    backward_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *("slope forgotten", "slope at the output", "output's formula at the input"),
    )

    def __init__(
        self,
        made: Callable[[], sc.Layer],
        function: Callable[[Decimal], Decimal],
        slope: Callable[[Decimal, Decimal], Decimal],
    ) -> None:
        """Take f and its derivative, as a function of the input and the output."""
        self._made, self._function, self._slope = made, function, slope

    def symcnn(self) -> sc.Layer:
        return self._made()

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        return {at: self._function(number) for at, number in x.items()}

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        return {at: signal * self._factor(x[at], y[at], mistake) for at, signal in dy.items()}

    def _factor(self, z: Decimal, a: Decimal, mistake: str) -> Decimal:
        if mistake == "slope forgotten":
            return ONE
        if mistake == "slope at the output":
            return self._slope(a, self._function(a))
        if mistake == "output's formula at the input":
            return self._slope(z, z)
        return self._slope(z, a)


FUNCTIONS = {
    "relu": lambda: Pointwise(
        sc.ReLU, lambda z: greatest([z, ZERO]), lambda z, a: slope_at(z, ZERO)
    ),
    "leaky relu": lambda: Pointwise(
        lambda: sc.LeakyReLU(Decimal("0.1")),
        lambda z: greatest([z, z / 10]),
        lambda z, a: slope_at(z, ONE / 10),
    ),
    "sigmoid": lambda: Pointwise(sc.Sigmoid, sigmoid, lambda z, a: a * (1 - a)),
    "tanh": lambda: Pointwise(sc.Tanh, tanh, lambda z, a: 1 - a * a),
}


class Flatten(Layer):
    """f[m] = the entries in row-major order."""

    copies: ClassVar[bool] = True

    def symcnn(self) -> sc.Layer:
        return sc.Flatten()

    def shape(self, shape: Position) -> Position:
        return (len(positions(shape)),)

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        samples = max(at[0] for at in x) + 1
        return dict(zip(positions((samples, len(x) // samples)), x.values(), strict=True))

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        return dict(zip(x, dy.values(), strict=True))
