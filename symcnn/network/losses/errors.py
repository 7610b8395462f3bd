"""Errors: each output is compared with its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Abs, Expr

from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.losses.loss import Weighted, averaged
from symcnn.network.meaning import Meaning, When


def _squared(what: str, summed: str, slope: str) -> Meaning:
    """Return what squared errors mean.

    Args:
        what: What is taken of each output.
        summed: How this is reduced where there are several.
        slope: The first error signal of one output, before weights and means.
    """
    return Meaning(
        forward=(
            f"How far is {{y}} from {{target}}? We measure it by {what}",
            When("y", "", summed, value=1),
            When("weighted", ", each weighed by {weight}"),
            ".",
        ),
        backward=(
            "The first error signal is",
            When(
                "weighted",
                "proportional to the output minus the target, and to its weight",
                averaged("proportional to the output minus the target", slope),
            ),
            When(
                "weighted",
                ".",
                ": positive where the output is too large, negative where it is too small.",
            ),
        ),
    )


@dataclass(frozen=True)
class HalfSquaredError(Weighted):
    """L = 1/2 * sum over the outputs of (target - y)^2."""

    meaning: ClassVar[Meaning | None] = _squared(
        "half the squared difference",
        ", added up over the outputs",
        "the output minus the target",
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return half the squared difference."""
        return (t - y) ** 2 / 2


@dataclass(frozen=True)
class SquaredError(Weighted):
    """L = sum over the outputs of (target - y)^2."""

    meaning: ClassVar[Meaning | None] = _squared(
        "the squared difference",
        ", added up over the outputs",
        "twice the difference of output and target",
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the squared difference."""
        return (t - y) ** 2


@dataclass(frozen=True)
class MeanSquaredError(Weighted):
    """L = mean over a sample's outputs of (target - y)^2."""

    meaning: ClassVar[Meaning | None] = _squared(
        "the squared difference",
        ", averaged over the outputs",
        "proportional to the output minus the target",
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the squared difference, divided by the number of outputs."""
        return (t - y) ** 2 / outputs


@dataclass(frozen=True)
class Huber(Weighted):
    """The squared error of small errors, and the absolute error of large ones.

        L = sum over the outputs of  (target - y)^2 / 2                      where |target - y| <= d
                                     d (|target - y| - d / 2)                elsewhere

    The derivative with respect to y is y - target, clipped to the interval from -d to d.

    Attributes:
        delta: The error d from which on the loss is linear; it is positive.

    Source: Huber (1964).
    """

    delta: Real = 1

    called: ClassVar[str] = "Huber loss"
    source: ClassVar[str] = sources.HUBER
    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "How far is {y} from {target}? A difference counts half its square up to {delta} and "
            "grows linearly from there on, so that outliers weigh less.",
            When("weighted", "Each output is weighed by {weight}."),
        ),
        backward=(
            "The first error signal is",
            When("weighted", "proportional to its weight and to", averaged("proportional to", "")),
            "the output minus the target, clipped to at most {delta} in absolute value.",
        ),
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return half the square, or the line that continues it."""
        d, error = setting(self.delta, "delta"), t - y
        if not d.is_positive:
            raise SymcnnError(f"delta is {d}: give a positive number")
        small, large = error**2 / 2, d * (Abs(error) - d / 2)
        return small * Iverson(Abs(error) <= d) + large * Iverson(Abs(error) > d)
