"""Normalisation of every position of a sample over its last axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from sympy import sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, floor_of, positive_integer
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, Parameter, quotient
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.normalization import (
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

# Normalisation of the channels of a sample over all positions: in groups, or each by itself.


@dataclass(frozen=True)
class GroupNorm(Layer):
    """Groups of channels are normalised over all positions, then every channel is scaled.

        mu[k] = mean over all positions and the channels c of group k of x[..., c]
        V[k]  = mean over the same of (x[..., c] - mu[k])^2
        xhat[..., c] = (x[..., c] - mu[k]) / sqrt(V[k] + epsilon)
        y[..., c] = gamma[c] xhat[..., c] + beta[c]

    The C channels are divided into G = ``groups`` groups of C/G adjacent channels. Without
    ``affine``, y is xhat.

    Shapes: x and y have the same shape, channels last; weight (gamma) and bias (beta) are
    (channels,).

    Attributes:
        groups: The number of groups.
        epsilon: What is added to the variance, which keeps the square root away from 0: a positive
            number, or 0 where no variance is 0.
        affine: Whether there are gamma and beta.

    Source: Wu and He (2018).
    """

    groups: Size
    epsilon: Real = Decimal("0.00001")
    affine: bool = True

    meaning: ClassVar[Meaning | None] = statistics(
        When(
            "groups",
            ("over all", When("has_positions", "positions and channels", "entries")),
            (
                "over",
                When("has_positions", "all positions and"),
                "the channels of each of its {groups} groups",
            ),
            value=1,
        )
    )
    source: ClassVar[str] = sources.GROUP_NORM
    prefix: ClassVar[str] = "group_norm"
    learned: ClassVar[Mapping[str, str]] = WEIGHT_AND_BIAS

    def has_positions(self, shape: Shape) -> bool:
        """Tell whether there are other axes than that of the channels."""
        return len(shape) > 1

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        several((*shape[:-1], self._channels(shape)))
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return gamma and beta, unless ``affine`` is off."""
        return scale(shape, 1, self.affine)

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return mean and variance of every group, and the normalised input."""
        statistics = mean_and_variance((self.groups,), "k")
        return {**statistics, **normalised_tensor(shape, self.affine)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the statistics, the normalised input, and what is made of it."""
        *positions, _ = y.indices
        channels, k, h = self._channels(x.shape), index("k"), index("h")
        over = {k: self.groups, h: channels}
        place = (*positions, channels * k + h)
        statistics, normal = normalised(x[place], (k,), self.epsilon, tensors, over)
        return (*statistics, *scaled(y, place, normal, 1, tensors, over))

    def _channels(self, shape: Shape) -> Size:
        groups = positive_integer(self.groups, "groups")
        found = quotient(shape[-1], groups)
        if found is None:
            raise SymcnnError(f"groups = {groups} must divide the number of channels ({shape[-1]})")
        return found


@dataclass(frozen=True)
class InstanceNorm(Layer):
    """Every channel of a sample is normalised over all positions.

        mu[c] = mean over all positions of x[..., c]
        V[c]  = mean over the same of (x[..., c] - mu[c])^2
        xhat[..., c] = (x[..., c] - mu[c]) / sqrt(V[c] + epsilon)

    y is xhat or, with ``affine``, gamma[c] xhat[..., c] + beta[c].

    Shapes: x and y have the same shape, channels last; weight (gamma) and bias (beta) are
    (channels,).

    Attributes:
        epsilon: What is added to the variance, which keeps the square root away from 0: a positive
            number, or 0 where no variance is 0.
        affine: Whether there are gamma and beta.

    Source: Ulyanov, Vedaldi and Lempitsky (2016).
    """

    epsilon: Real = Decimal("0.00001")
    affine: bool = False

    meaning: ClassVar[Meaning | None] = statistics(
        When(
            "mean",
            ("over all positions", When("is_batched", "of each sample")),
            "over all positions of each channel",
            value=1,
        )
    )
    source: ClassVar[str] = sources.INSTANCE_NORM
    prefix: ClassVar[str] = "instance_norm"
    learned: ClassVar[Mapping[str, str]] = WEIGHT_AND_BIAS

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of the input."""
        several(shape[:-1])
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Parameter]:
        """Return gamma and beta, with ``affine``."""
        return scale(shape, 1, self.affine)

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return mean and variance of every channel, and the normalised input."""
        return {**mean_and_variance(shape[-1:], "c"), **normalised_tensor(shape, self.affine)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the statistics, the normalised input, and what is made of it."""
        place = y.indices[-1:]
        statistics, normal = normalised(x[y.indices], place, self.epsilon, tensors)
        return (*statistics, *scaled(y, y.indices, normal, 1, tensors))


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


# Local response normalisation: each channel is divided by a measure of its neighbours.


@dataclass(frozen=True)
class LocalResponseNorm(Layer):
    """Every entry is divided by a power of the squares of n channels around its own.

        Q[..., c] = sum over u < n of x[..., c + u - floor(n / 2)]^2
        y[..., c] = x[..., c] / (k + alpha Q[..., c] / n)^beta

    Channels that do not exist are left out. As in PyTorch, there is one more channel before c
    than behind it where n is even.

    Shapes: x and y have the same shape, channels last.

    Attributes:
        size: The number n of channels.
        alpha: The factor of the mean square.
        beta: The exponent.
        k: What is added; it is positive and keeps the divisor away from 0.

    Source: Krizhevsky, Sutskever and Hinton (2012).
    """

    size: Size
    alpha: Real = Decimal("0.0001")
    beta: Real = Decimal("0.75")
    k: Real = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "squares": When(
                "size",
                "They are the squares of all entries.",
                "At each position, the squares of up to {size} neighbouring channels are added up.",
                value=1,
            ),
            "y": (
                "Each entry of {x} is divided by a power of",
                When(
                    "size",
                    "its square: {k} is added to {alpha} times it",
                    "the squares around it: {k} is added to {alpha}/{size} times their sum",
                    value=1,
                ),
                ", and the power is {beta}.",
            ),
        },
        backward={
            "squares": "The squares stand in the divisor: their error signal is that of {y}, times "
            "the slope of the quotient.",
            "x": "An entry is divided itself, and its square is part of the divisors around it: "
            "its error signal has a direct part, and a part through {squares}.",
        },
    )
    source: ClassVar[str] = sources.IMAGENET
    departs: ClassVar[str] = "There the sums of squares are not divided by the size of the window."
    prefix: ClassVar[str] = "response_norm"
    letter: ClassVar[str] = "y"

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the sums of squares."""
        positive_integer(self.size, "size")
        axes = "ijkmopqr"[: len(shape)]
        return {"squares": Auxiliary(shape, "Q", axes, noun="sums of squares")}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sums of squares and the quotient."""
        *place, c = y.indices
        squares, u = tensors["squares"][y.indices], index("u")
        near = x[(*place, c + u - floor_of(self.size, 2))]
        k, alpha, beta = (setting(getattr(self, name), name) for name in ("k", "alpha", "beta"))
        if k.is_negative or k.is_zero:
            raise SymcnnError(f"k is {k}: give a positive number")
        if alpha.is_negative:
            raise SymcnnError(f"alpha is {alpha}: give 0 or a positive number")
        over = {u: self.size, c: x.shape[-1]}
        divisor = (k + alpha * squares / self.size) ** beta
        return define(squares, near**2, over=over), define(y[y.indices], x[y.indices] / divisor)
