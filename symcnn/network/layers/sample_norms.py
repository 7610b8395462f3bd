"""Normalisation of every position of a sample over its last axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from sympy import sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.values import Real
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.normalising import (
    SCALED_BACK,
    WEIGHT_AND_BIAS,
    last_axes,
    mean_and_variance,
    mean_square,
    nonnegative,
    normalised,
    normalised_tensor,
    scale,
    scaled,
    several,
    statistics,
)
from symcnn.network.meaning import Meaning, When

_ALL = ("over all entries", When("is_batched", "of each sample"))
_OVER = When("over", "over its last axis", "over its last {over} axes", value=1)


@dataclass(frozen=True)
class LayerNorm(Layer):
    """Every position of a sample is normalised over its channels, then scaled and shifted.

        mu[...] = mean over c of x[..., c]
        V[...]  = mean over c of (x[..., c] - mu[...])^2
        xhat[..., c] = (x[..., c] - mu[...]) / sqrt(V[...] + epsilon)
        y[..., c] = gamma[c] xhat[..., c] + beta[c]

    With ``over`` = n, means are taken over the last n axes, and gamma and beta have these axes:
    with n = 3, an image has one mean. Without ``affine``, y is xhat.

    Shapes: x and y have the same shape; weight (gamma) and bias (beta) that of its last n axes.

    Attributes:
        over: The number of axes, the last ones, that are normalised over.
        epsilon: What is added to the variance, which keeps the square root away from 0: a positive
            number, or 0 where no variance is 0.
        affine: Whether there are gamma and beta.

    Source: Ba, Kiros and Hinton (2016).
    """

    over: int = 1
    epsilon: Real = Decimal("0.00001")
    affine: bool = True

    meaning: ClassVar[Meaning | None] = statistics(When("mean", _ALL, _OVER, value=1))
    source: ClassVar[str] = sources.LAYER_NORM
    prefix: ClassVar[str] = "layer_norm"
    learned: ClassVar[Mapping[str, str]] = WEIGHT_AND_BIAS

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        several(last_axes(shape, self.over))
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return gamma and beta, unless ``affine`` is off."""
        return scale(shape, self.over, self.affine)

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return mean and variance of every position, and the normalised input."""
        last_axes(shape, self.over)
        statistics = mean_and_variance(shape[: -self.over] or (1,))
        return {**statistics, **normalised_tensor(shape, self.affine)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the statistics, the normalised input, and what is made of it."""
        place = y.indices[: -self.over] or (0,)
        read = x[y.indices]
        statistics, normal = normalised(read, place, self.epsilon, tensors)
        return (*statistics, *scaled(y, y.indices, normal, self.over, tensors))


_DIVIDED = When(
    "epsilon",
    "Each entry is divided by the square root of the mean square.",
    "Each entry is divided by the square root of the mean square plus a constant.",
    value=0,
)


@dataclass(frozen=True)
class RMSNorm(Layer):
    """Every position of a sample is divided by the root of its mean square, then scaled.

        V[...] = mean over c of x[..., c]^2
        y[..., c] = gamma[c] x[..., c] / sqrt(V[...] + epsilon)

    With ``over`` = n, the mean is taken over the last n axes, and gamma has these axes. Without
    ``affine``, there is no gamma.

    Shapes: x and y have the same shape; weight (gamma) that of its last n axes.

    Attributes:
        over: The number of axes, the last ones, that are normalised over.
        epsilon: What is added to the mean square, which keeps the square root away from 0: a
            positive number, or 0 where no mean square is 0.
        affine: Whether there is gamma.

    Source: Zhang and Sennrich (2019).
    """

    over: int = 1
    epsilon: Real = Decimal("0.00001")
    affine: bool = True

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "mean_square": (
                "{mean_square} is the mean of the squares of {x}",
                When("mean_square", _ALL, _OVER, value=1),
                ".",
            ),
            "normalised": When("affine", _DIVIDED),
            "y": When("affine", "Each entry is then scaled by the learned {weight}.", _DIVIDED),
        },
        backward={
            "normalised": When("affine", SCALED_BACK),
            "mean_square": "A larger mean square draws all entries towards 0: its error signal "
            "adds up what this does to each of them.",
            "x": "A change of one entry also moves the mean square: its error signal has a direct "
            "part, and a part through {mean_square}.",
        },
    )
    type_name: ClassVar[str] = "rms_norm"
    source: ClassVar[str] = sources.RMS_NORM
    departs: ClassVar[str] = "There nothing is added to the mean square."
    prefix: ClassVar[str] = "rms_norm"
    learned: ClassVar[Mapping[str, str]] = {"weight": "affine"}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        last_axes(shape, self.over)
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return gamma, unless ``affine`` is off."""
        return scale(shape, self.over, self.affine, bias=False)

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the mean square of every position, and the normalised input."""
        last_axes(shape, self.over)
        return {**mean_square(shape[: -self.over] or (1,)), **normalised_tensor(shape, self.affine)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the mean square, the normalised input, and what is made of it."""
        square, read = tensors["mean_square"][y.indices[: -self.over] or (0,)], x[y.indices]
        mean = define(square, read**2, reduction=Mean())
        normal = read / sqrt(square + nonnegative(self.epsilon))
        return (mean, *scaled(y, y.indices, normal, self.over, tensors))
