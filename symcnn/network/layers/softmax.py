"""Softmax and its logarithm, along an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, exp

from symcnn.equations import Equation, LogSumExp, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.network.layers.declarations import Auxiliary, axis_of
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


def normaliser(shape: Shape, axes: str, axis: int = -1) -> Auxiliary:
    """Return ell = log(sum of exp) along an axis: one number for each position."""
    axes = "".join(_without(axes, axis)) or "l"
    return Auxiliary(_without(shape, axis) or (1,), "ell", axes, noun="log-sum-exp")


def normaliser_entry(ell: Tensor, y: Tensor, axis: int = -1) -> Expr:
    """Return ell at the position of y's entry."""
    return ell[_without(y.indices, axis) or (0,)]


def normaliser_equation(ell: Tensor, x: Tensor, y: Tensor, axis: int = -1) -> Equation:
    """Return ell[...] <- log-sum-exp over k of x[..., k]."""
    return define(normaliser_entry(ell, y, axis), x[y.indices], reduction=LogSumExp())


def _without(of: Sequence[Any], axis: int) -> tuple[Any, ...]:
    return tuple(part for n, part in enumerate(of) if n != axis % len(of))


LOG_SUM_EXP = "It is the logarithm of the sum of the exponentials of {x}."
"""What is said of the log-sum-exp of a softmax, behind its name."""

_ALONE = "The softmax runs along an axis of length 1, where {normaliser} is {x} itself."
_CANCELS = (
    "What {x} adds to {y} directly, it takes away again through {normaliser}: {y} does not depend "
    "on {x}."
)
"""What is said of a softmax of single entries, which is 1."""


@dataclass(frozen=True)
class Softmax(Layer):
    """Exponentials, normalised to add up to 1 along an axis, by default the last.

        ell[...] = log(sum over k of exp(x[..., k]))
        y[..., k] = exp(x[..., k] - ell[...])

    Shapes: x and y have the same shape.

    Attributes:
        axis: The axis of k, from 0 on; a negative one counts from the last.
    """

    axis: int = -1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "normaliser": When("is_of_one", _ALONE, LOG_SUM_EXP),
            "y": When(
                "is_of_one",
                When("y", "{y} is 1.", "So every entry of {y} is 1.", value=1),
                "Subtracting {normaliser} in the exponent divides by the sum of all exponentials: "
                "{y} is the softmax of {x}.",
            ),
        },
        backward={
            "normaliser": When(
                "is_of_one",
                "{normaliser} enters with a minus sign: its error signal is minus that of {y}, "
                "times {y}.",
                "As {normaliser} grows, the entries of {y} shrink in proportion: its "
                "error signal is minus the sum of theirs, each times the entry.",
            ),
            "x": When(
                "is_of_one",
                _CANCELS,
                "An entry of {x} raises its own entry of {y} and lowers the others that are "
                "divided by the same sum.",
            ),
        },
    )
    prefix: ClassVar[str] = "softmax"
    letter: ClassVar[str] = "p"

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the logarithm of the sum."""
        letters = "ijkmopqr"[: len(shape)]
        return {"normaliser": normaliser(shape, letters, axis_of(shape, self.axis))}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the normaliser and the normalised exponentials."""
        ell, axis = tensors["normaliser"], axis_of(x.shape, self.axis)
        value = self.value(x[y.indices] - normaliser_entry(ell, y, axis))
        return normaliser_equation(ell, x, y, axis), define(y[y.indices], value)

    def is_of_one(self, x: Shape) -> bool:
        """Tell whether the axis has length 1: every softmax is of one entry, and 1."""
        return bool(x[axis_of(x, self.axis)] == 1)

    def value(self, log_probability: Expr) -> Expr:
        """Return the probability."""
        return exp(log_probability)


@dataclass(frozen=True)
class LogSoftmax(Softmax):
    """The logarithm of the softmax along an axis: y[..., k] = x[..., k] - ell[...].

    Shapes: x and y have the same shape.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "normaliser": When("is_of_one", _ALONE, LOG_SUM_EXP),
            "y": (
                "Subtracting {normaliser} from {x} gives the logarithm of the softmax of {x}",
                When("is_of_one", ", which is 0.", "."),
            ),
        },
        backward={
            "normaliser": (
                "{normaliser} is subtracted from",
                When(
                    "is_of_one",
                    "{x}, so its error signal is minus that of {y}.",
                    "several entries, so its error signal is minus the sum of theirs.",
                ),
            ),
            "x": When(
                "is_of_one",
                _CANCELS,
                "An entry of {x} raises its own entry of {y} and lowers the others from which the "
                "same log-sum-exp is subtracted.",
            ),
        },
    )
    prefix: ClassVar[str] = "log_softmax"
    letter: ClassVar[str] = "y"

    def value(self, log_probability: Expr) -> Expr:
        """Return the logarithm of the probability."""
        return log_probability
