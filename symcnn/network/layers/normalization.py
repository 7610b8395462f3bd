"""Normalisation of every channel over the batch and all positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import ClassVar, Literal

from sympy import sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, Given, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.layers.normalising import nonnegative, normalised_tensor, statistics
from symcnn.network.meaning import Meaning, When

_TRAINING = 'mode = "training"'


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Every channel is normalised to mean 0 and variance 1, then scaled and shifted.

        mu[c] = mean over the batch and all positions of x[..., c]
        V[c]  = mean over the same of (x[..., c] - mu[c])^2
        xhat[..., c] = (x[..., c] - mu[c]) / sqrt(V[c] + epsilon)
        y[..., c] = gamma[c] xhat[..., c] + beta[c]

    In training, mean and variance are those of the batch, the variance is divided by the number
    of values, and derivatives include both. With ``mode = "inference"`` they are given numbers,
    the running mean and variance. Without ``affine``, y is xhat.

    Shapes: x and y have the same shape, channels last; weight (gamma), bias (beta), and
    the given mean (mu) and variance (V) are (channels,).

    Attributes:
        epsilon: What is added to the variance, which keeps the square root away from 0: a positive
            number, or 0 where no variance is 0.
        affine: Whether there are gamma and beta.
        mode: "training", with the statistics of the batch, or "inference", with given ones.

    Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithm 1.
    """

    epsilon: Real = Decimal("0.00001")
    affine: bool = True
    mode: Literal["training", "inference"] = "training"

    meaning: ClassVar[Meaning | None] = statistics(
        (
            "over all entries",
            When("mean", "", "of each channel", value=1),
            When("is_batched", ", in all samples"),
        ),
        given="is_inference",
    )
    source: ClassVar[str] = sources.BATCH_NORM
    prefix: ClassVar[str] = "batch_norm"
    learned: ClassVar[Mapping[str, str]] = {"weight": "affine", "bias": "affine"}
    supplied: ClassVar[Mapping[str, str]] = dict.fromkeys(("mean", "variance"), _TRAINING)

    def check(self, shape: Shape, samples: Size) -> None:
        """Refuse a channel of a single value: its variance is 0, whatever the value."""
        if self._is_training and samples * prod(shape[:-1]) == 1:
            raise SymcnnError(
                f"an input of shape {shape} has one value per channel and hence no variance: "
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

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the running mean and variance, for inference."""
        if self._is_training:
            return {}
        return {"mean": Given(shape[-1:], "mu", "c"), "variance": Given(shape[-1:], "V", "c")}

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return mean and variance, which a batch shares, and the normalised input."""
        channels = shape[-1:]
        statistics = {
            "mean": Auxiliary(channels, "mu", "c", sampled=False),
            "variance": Auxiliary(channels, "V", "c", sampled=False),
        }
        if not self._is_training:
            statistics = {}
        return {**statistics, **normalised_tensor(shape, self.affine)}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the statistics, the normalised input, and what is made of it."""
        position, c = y.indices, y.indices[-1]
        mean, variance = tensors["mean"][c], tensors["variance"][c]
        centred = x[position] - mean
        statistics: tuple[Equation, ...] = ()
        if self._is_training:
            average = define(mean, x[position], reduction=Mean())
            statistics = (average, define(variance, centred**2, reduction=Mean()))
        normal = centred / sqrt(variance + nonnegative(self.epsilon))
        if not self.affine:
            return (*statistics, define(y[position], normal))
        xhat = tensors["normalised"][position]
        scaled = tensors["weight"][c] * xhat + tensors["bias"][c]
        return (*statistics, define(xhat, normal), define(y[position], scaled))

    @property
    def is_inference(self) -> bool:
        """Whether mean and variance are given."""
        return not self._is_training

    @property
    def _is_training(self) -> bool:
        if self.mode not in ("training", "inference"):
            raise SymcnnError(f'mode = {self.mode!r} is unknown: choose "training" or "inference"')
        return self.mode == "training"
