"""Normalisation of each channel: over the batch and all positions, or by its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import ClassVar, Literal

from sympy import sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, floor_of, positive_integer
from symcnn.equations.values import Real, setting
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
