"""Normalisation of every channel over the batch and all positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import ClassVar

from sympy import Expr, sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.errors import SymcnnError
from symcnn.layers import sources
from symcnn.layers.layer import Auxiliary, Layer, Parameter
from symcnn.notation import Shape
from symcnn.sizes import Size
from symcnn.values import Real, exact


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Every channel is normalised to mean 0 and variance 1, then scaled and shifted.

        mu[c] = mean over the batch and all positions of x[..., c]
        V[c]  = mean over the same of (x[..., c] - mu[c])^2
        xhat[..., c] = (x[..., c] - mu[c]) / sqrt(V[c] + epsilon)
        y[..., c] = gamma[c] xhat[..., c] + beta[c]

    As in training, mean and variance are those of the batch, the variance is divided by the
    number of values, and derivatives include both. Without ``affine``, y is xhat.

    Shapes: x and y have the same shape, channels last; weight (gamma) and bias (beta) (channels,).

    Attributes:
        epsilon: A positive number that keeps the square root away from 0.
        affine: Whether there are gamma and beta.

    Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithm 1.
    """

    epsilon: Real = Decimal("0.00001")
    affine: bool = True

    source: ClassVar[str] = sources.BATCH_NORM
    prefix: ClassVar[str] = "batch_norm"
    letter: ClassVar[str] = "y"
    learned: ClassVar[Mapping[str, str]] = {"weight": "affine", "bias": "affine"}

    def check(self, shape: Shape, samples: Size) -> None:
        """Refuse a channel of a single value: its variance is 0, whatever the value."""
        if samples * prod(shape[:-1]) == 1:
            raise SymcnnError(
                f"an input of the shape {shape} has one value per channel and hence no variance: "
                "give several samples, batch = ..., or several positions"
            )

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return gamma and beta, unless ``affine`` is off."""
        if not self.affine:
            return {}
        channels = shape[-1:]
        return {
            "weight": Parameter(channels, "gamma", "c", penalised=False),
            "bias": Parameter(channels, "beta", "c", penalised=False),
        }

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return mean and variance, which a batch shares, and the normalised input."""
        channels = shape[-1:]
        statistics = {
            "mean": Auxiliary(channels, "mu", "c", sampled=False),
            "variance": Auxiliary(channels, "V", "c", sampled=False),
        }
        if not self.affine:
            return statistics
        return {**statistics, "normalised": Auxiliary(shape, "xhat", "ijkmopq"[: len(shape)])}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the statistics, the normalised input, and what is made of it."""
        position, c = y.indices, y.indices[-1]
        mean, variance = tensors["mean"][c], tensors["variance"][c]
        centred = x[position] - mean
        statistics = (
            define(mean, x[position], reduction=Mean()),
            define(variance, centred**2, reduction=Mean()),
        )
        normal = centred / sqrt(variance + self._epsilon)
        if not self.affine:
            return (*statistics, define(y[position], normal))
        xhat = tensors["normalised"][position]
        scaled = tensors["weight"][c] * xhat + tensors["bias"][c]
        return (*statistics, define(xhat, normal), define(y[position], scaled))

    @property
    def _epsilon(self) -> Expr:
        epsilon = exact(self.epsilon, "epsilon")
        if epsilon <= 0:
            raise SymcnnError(f"epsilon is {epsilon}: give a positive number")
        return epsilon
