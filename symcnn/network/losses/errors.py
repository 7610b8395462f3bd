"""Errors: each output is compared with its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Abs, Expr, Integer

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import Iverson, relu
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.losses.loss import Entrywise, Loss, Reduced, Weighted, averaged, check_shares
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


# Margins and overlaps: losses of yes-or-no outputs without logarithms.


@dataclass(frozen=True)
class Hinge(Weighted):
    """L = sum over the outputs of max(0, 1 - t y), where every target t is -1 or 1.

    An output on the right side of 0, at a distance of 1 or more, adds nothing.
    """

    called: ClassVar[str] = "hinge loss"
    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "Is {y} on the side of {target}? An output on the right side of 0, at a distance of 1 "
            "or more, costs nothing; any other costs what it misses of this margin.",
            When("weighted", "Each output is weighed by {weight}."),
        ),
        backward=(
            "An output with its full margin receives no error signal",
            When("weighted", ".", "; any other is pushed towards the side of its target."),
        ),
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return by how much the margin is missed."""
        return relu(1 - t * y)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets other than -1 and 1."""
        for number, t in enumerate(given, start=1):
            if t not in (-1, 1):
                raise SymcnnError(
                    f"the target's number {number} is {t}: the hinge loss takes -1 and 1"
                )


@dataclass(frozen=True)
class Dice(Reduced):
    """One minus the overlap of outputs and targets, as for masks of images.

        I = sum over the outputs of t y,   S = sum over the outputs of t + y
        L = 1 - (2 I + s) / (S + s)

    The outputs are probabilities, and the targets 0 and 1, or between them.

    Attributes:
        smooth: The number s, which keeps the divisor away from 0; it is positive.
    """

    smooth: Real = 1

    called: ClassVar[str] = "Dice loss"
    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "overlap": "It adds up the products of {target} and {y}: what they have in common.",
            "total": "It adds up all entries of {target} and {y}.",
            "loss": "How far is {y} from covering {target}? We measure it by 1 minus twice what "
            "they have in common, divided by all that they have, with {smooth} added to both.",
        },
        backward={
            "overlap": "The more the two have in common, the smaller is the loss: this error "
            "signal is negative.",
            "total": "The more there is in all, the larger is the loss: this error signal is "
            "positive.",
            "y": "An output is part of the overlap, times its target, and of the total.",
        },
    )
    needs: ClassVar[str] = "dice needs outputs that are not negative: add a sigmoid layer before it"

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the sum of products and that of all entries."""
        return {"overlap": Auxiliary((1,), "I", "i"), "total": Auxiliary((1,), "S", "i")}

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return both sums and the loss."""
        assert given is not None
        s, overlap, total = (
            setting(self.smooth, "smooth"),
            *(auxiliaries[key][0] for key in ("overlap", "total")),
        )
        if not s.is_positive:
            raise SymcnnError(f"smooth is {s}: give a positive number")
        t, read = given[y.indices], y[y.indices]
        return (
            define(overlap, t * read),
            define(total, t + read),
            define(loss[0], Integer(1) - (2 * overlap + s) / (total + s)),
        )

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no shares of a mask."""
        check_shares(given)


# Sums: of the outputs themselves, or of their products with a given gradient.


@dataclass(frozen=True)
class SumOfOutputs(Loss):
    """L = sum of all outputs of all samples; there is no target."""

    type_name: ClassVar[str] = "sum"
    given: ClassVar[str | None] = None
    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "There is no target: the loss is",
            When(
                "y",
                When("is_batched", "the sum of all outputs.", "the output itself."),
                "the sum of all outputs.",
                value=1,
            ),
        ),
        backward=(
            "The loss grows as much as",
            When(
                "y",
                "the output does, so the first error signal is 1.",
                "each output does, so every first error signal is 1.",
                value=1,
            ),
        ),
    )

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the sum."""
        return (define(loss[0], y[y.indices]),)


@dataclass(frozen=True)
class Upstream(Entrywise):
    """L = sum over the outputs of g y, so that dL/dy is the given gradient g."""

    given: ClassVar[str | None] = "gradient"
    meaning: ClassVar[Meaning | None] = Meaning(
        forward="There is no target: the gradient {gradient} with respect to the output is given. "
        "The loss is the inner product of the output with it, whose derivative with respect to the "
        "output is this gradient.",
        backward="By the choice of the loss, the first error signal is the given gradient.",
    )
    letter: ClassVar[str] = "g"

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the product with the given gradient."""
        return t * y
