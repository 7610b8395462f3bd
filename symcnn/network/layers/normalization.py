"""Normalisation of every channel over the batch and all positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any, ClassVar, Literal

from sympy import Expr, Indexed, Symbol, sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, is_whole, number_of
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary, Given, Parameter
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, Sentences, When

# What normalisations of a sample are made of: statistics, a normalised input, scale and shift.


_AXES = "ijkmopq"

WEIGHT_AND_BIAS: Mapping[str, str] = {"weight": "affine", "bias": "affine"}
"""The scale gamma and the shift beta; a setting turns both off."""

SCALED_BACK = "Each error signal is multiplied by {weight}, as its entry was."
_DEVIATE = When(
    "epsilon",
    "Each entry is expressed by its deviation from the mean, in units of the standard deviation, "
    "the square root of the variance.",
    "Each entry's deviation from the mean is divided by the square root of the variance plus a "
    "constant.",
    value=0,
)
_RESCALED = "Each entry is then scaled by the learned {weight} and shifted by the learned {bias}."
_FIXED = (
    "The given mean and variance are constants: each error signal is divided by the same square "
    "root as its entry."
)
_MOVED = (
    "A change of one entry also moves the mean and the variance: its error signal has a direct "
    "part, and a part through each of them."
)


def statistics(over: Sentences, given: str = "") -> Meaning:
    """Return what normalisations by a mean and a variance mean.

    Args:
        over: What these are taken over, behind "the mean of x".
        given: The attribute that tells whether they are given, if they can be.
    """
    return Meaning(
        forward={
            "mean": ("{mean} is the mean of {x}", over, "."),
            "variance": "{variance} is the mean of the squared deviations from {mean}.",
            "normalised": When("affine", _DEVIATE),
            "y": When("affine", _RESCALED, _DEVIATE),
        },
        backward={
            "normalised": When("affine", SCALED_BACK),
            "variance": "A larger variance draws all deviations towards 0: its error signal adds "
            "up what this does to each of them.",
            "mean": "The mean is subtracted from every entry: its error signal is minus the sum of "
            "theirs, each divided by the same square root as its entry.",
            "x": When(given, _FIXED, _MOVED) if given else _MOVED,
        },
    )


Ranges = Mapping[Symbol, Size]


def last_axes(shape: Shape, over: Any) -> Shape:
    """Return the last axes; there are as many at least."""
    if not is_whole(over, 1) or over > len(shape):
        axes = "1, the input's axis" if len(shape) == 1 else f"1 to {len(shape)}, the input's axes"
        raise SymcnnError(f"over = {over!r} is invalid: give {axes}")
    return shape[-over:]


def several(values: Shape) -> None:
    """Refuse statistics of a single number, whose variance is 0 whatever it is."""
    if number_of(values) == 1:
        raise SymcnnError(
            "a mean is taken over one value, whose variance is 0: normalise over more channels "
            "or positions"
        )


def scale(shape: Shape, over: int, affine: bool, bias: bool = True) -> dict[str, Parameter]:
    """Return gamma and, unless ``bias`` is off, beta, which have the last axes of the input."""
    own, axes = shape[-over:], _AXES[len(shape) - over : len(shape)]
    letters = {"weight": "gamma", **({"bias": "beta"} if bias else {})}
    if not affine:
        return {}
    return {key: Parameter(own, letters[key], axes, penalised=False) for key in letters}


def mean_and_variance(shape: Shape, axes: str = "") -> dict[str, Auxiliary]:
    """Return the tensors of the statistics, by default one number for each of the first axes."""
    named = axes or _AXES[: len(shape)]
    return {"mean": Auxiliary(shape, "mu", named), "variance": Auxiliary(shape, "V", named)}


def mean_square(shape: Shape) -> dict[str, Auxiliary]:
    """Return the tensor of mean squares."""
    return {"mean_square": Auxiliary(shape, "V", _AXES[: len(shape)])}


def normalised_tensor(shape: Shape, affine: bool) -> dict[str, Auxiliary]:
    """Return the tensor of the normalised input, which is the output if nothing scales it."""
    if not affine:
        return {}
    axes = _AXES[: len(shape)]
    return {"normalised": Auxiliary(shape, "xhat", axes, noun="normalised input")}


def normalised(
    read: Indexed,
    place: Sequence[Expr],
    epsilon: Real,
    tensors: Mapping[str, Tensor],
    over: Ranges | None = None,
) -> tuple[tuple[Equation, ...], Expr]:
    """Return the equations of mean and variance, and the normalised entry.

    Args:
        read: The entry of the input.
        place: Where its mean and its variance stand.
        epsilon: What is added to the variance.
        tensors: The tensors of the layer.
        over: The ranges of indices that are not axes by themselves.
    """
    mean, variance = (tensors[key][tuple(place)] for key in ("mean", "variance"))
    centred = read - mean
    statistics = (
        define(mean, read, over=over, reduction=Mean()),
        define(variance, centred**2, over=over, reduction=Mean()),
    )
    return statistics, centred / sqrt(variance + nonnegative(epsilon))


def scaled(
    y: Tensor,
    place: Sequence[Expr],
    normal: Expr,
    axes: int,
    tensors: Mapping[str, Tensor],
    over: Ranges | None = None,
) -> tuple[Equation, ...]:
    """Return the equations of the normalised input and of the output.

    Args:
        y: The output.
        place: Where the normalised entry stands.
        normal: The normalised entry.
        axes: The number of the last axes that gamma and beta have.
        tensors: The tensors of the layer.
        over: The ranges of indices that are not axes by themselves.
    """
    if "normalised" not in tensors:
        return (define(y[tuple(place)], normal, over=over),)
    xhat, own = tensors["normalised"], y.indices[-axes:]
    value = tensors["weight"][own] * xhat[y.indices]
    if "bias" in tensors:
        value += tensors["bias"][own]
    return define(xhat[tuple(place)], normal, over=over), define(y[y.indices], value)


def nonnegative(epsilon: Real) -> Expr:
    """Return epsilon as an exact number, or a letter; at 0, no variance may be 0."""
    number = setting(epsilon, "epsilon")
    if not number.is_nonnegative:
        raise SymcnnError(f"epsilon is {number}: give 0 or a positive number")
    return number


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
