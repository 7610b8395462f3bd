"""Softmax and its logarithm, along the last axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, exp

from symcnn.equations import Equation, LogSumExp, Tensor, define
from symcnn.layers.declarations import Auxiliary
from symcnn.layers.layer import Layer
from symcnn.notation import Shape


def normaliser(shape: Shape, axes: str) -> Auxiliary:
    """Return ell = log(sum of exp) over the last axis: one number for each position."""
    return Auxiliary(shape[:-1] or (1,), "ell", axes[:-1] or "l")


def normaliser_entry(ell: Tensor, y: Tensor) -> Expr:
    """Return ell at the position of y's entry."""
    return ell[y.indices[:-1] or (0,)]


def normaliser_equation(ell: Tensor, x: Tensor, y: Tensor) -> Equation:
    """Return ell[...] <- log-sum-exp over k of x[..., k]."""
    return define(normaliser_entry(ell, y), x[y.indices], reduction=LogSumExp())


@dataclass(frozen=True)
class Softmax(Layer):
    """Exponentials, normalised to sum 1 along the last axis.

        ell[...] = log(sum over k of exp(x[..., k]))
        y[..., k] = exp(x[..., k] - ell[...])

    Shapes: x and y have the same shape.
    """

    prefix: ClassVar[str] = "softmax"
    letter: ClassVar[str] = "a"

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the logarithm of the sum."""
        return {"normaliser": normaliser(shape, "ijkmopq"[: len(shape)])}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the normaliser and the normalised exponentials."""
        ell = tensors["normaliser"]
        value = self.value(x[y.indices] - normaliser_entry(ell, y))
        return normaliser_equation(ell, x, y), define(y[y.indices], value)

    def value(self, log_probability: Expr) -> Expr:
        """Return the probability."""
        return exp(log_probability)


@dataclass(frozen=True)
class LogSoftmax(Softmax):
    """The logarithm of the softmax along the last axis: y[..., k] = x[..., k] - ell[...]."""

    prefix: ClassVar[str] = "log_softmax"
    letter: ClassVar[str] = "y"

    def value(self, log_probability: Expr) -> Expr:
        """Return the logarithm of the probability."""
        return log_probability
