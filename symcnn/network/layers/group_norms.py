"""Normalisation of the channels of a sample over all positions: in groups, or each by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from symcnn.equations import Equation, Tensor
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, positive_integer
from symcnn.equations.values import Real
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.normalising import (
    WEIGHT_AND_BIAS,
    mean_and_variance,
    normalised,
    normalised_tensor,
    scale,
    scaled,
    several,
    statistics,
)
from symcnn.network.layers.shapes import quotient
from symcnn.network.meaning import Meaning, When


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
