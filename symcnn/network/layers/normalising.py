"""What normalisations of a sample are made of: statistics, a normalised input, scale and shift.

Mean and variance are those of one sample, so that batches and single samples are treated alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Expr, Indexed, Symbol, sqrt

from symcnn.equations import Equation, Mean, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, is_whole, number_of
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import Auxiliary, Parameter
from symcnn.network.meaning import Meaning, Sentences, When

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
