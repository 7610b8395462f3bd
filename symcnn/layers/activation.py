"""Activations: one function, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, tanh

from symcnn.equations import Equation, Tensor, define
from symcnn.functions import relu, sigmoid
from symcnn.layers.layer import Layer


@dataclass(frozen=True)
class Activation(Layer):
    """y[...] = f(x[...]); the shape stays. A subclass says what f is."""

    letter: ClassVar[str] = "a"

    def function(self, z: Expr) -> Expr:
        """Return f(z)."""
        raise NotImplementedError

    def forward(self, y: Tensor, x: Tensor, **parameters: Tensor) -> tuple[Equation, ...]:
        """Return the function of every entry."""
        return (define(y[y.indices], self.function(x[y.indices])),)


@dataclass(frozen=True)
class Sigmoid(Activation):
    """y = 1 / (1 + exp(-x))."""

    prefix: ClassVar[str] = "sigmoid"

    def function(self, z: Expr) -> Expr:
        """Return sigma(z)."""
        return sigmoid(z)


@dataclass(frozen=True)
class Tanh(Activation):
    """y = tanh(x)."""

    prefix: ClassVar[str] = "tanh"

    def function(self, z: Expr) -> Expr:
        """Return tanh(z)."""
        return tanh(z)


@dataclass(frozen=True)
class ReLU(Activation):
    """y = max(0, x), with slope 0 at 0."""

    prefix: ClassVar[str] = "relu"

    def function(self, z: Expr) -> Expr:
        """Return max(0, z)."""
        return relu(z)
