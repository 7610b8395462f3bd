"""Cross-entropies of probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from sympy import Add, Eq, Expr, Integer, Le, Lt, Rational, exp, log
from sympy.core.relational import Relational

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size, is_real_letter
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.softmax import (
    LOG_SUM_EXP,
    normaliser,
    normaliser_entry,
    normaliser_equation,
)
from symcnn.network.losses.loss import Loss, Reduced, Weighted, averaged, check_shares
from symcnn.network.meaning import Meaning, Sentences, When

# Label smoothing: (1 - s) t + s / K stands for the target t, a share s of it over K classes.


@dataclass(frozen=True)
class Smoothed(Loss):
    """A loss whose target may be smoothed.

    Attributes:
        label_smoothing: The share s of every target that is spread over the K classes:
            (1 - s) t + s / K stands for t.
    """

    label_smoothing: Real = field(default=0, kw_only=True)

    type_name: ClassVar[str] = ""

    @property
    def cited(self) -> str:
        """The work that introduced label smoothing, where there is any."""
        return sources.LABEL_SMOOTHING if self.label_smoothing else self.source

    def classes(self, y: Tensor) -> Size:
        """Return over how many classes a share of the target is spread: those of the last axis."""
        return y.shape[-1]

    def compared(self, t: Expr, y: Tensor) -> Expr:
        """Return the smoothed target.

        Raises:
            SymcnnError: If s is no number from 0 to below 1.
        """
        share = setting(self.label_smoothing, "label_smoothing")
        if not is_real_letter(share) and not (share.is_nonnegative and (share < 1) == True):  # noqa: E712  # of a letter it is neither
            raise SymcnnError(f"label_smoothing is {share}: give a number from 0 to below 1")
        return (1 - share) * t + share / self.classes(y)

    def supposed(self) -> tuple[Relational, ...]:
        """Return 0 <= s < 1, where s is a letter."""
        share = self.label_smoothing
        return (Le(0, share), Lt(share, 1)) if is_real_letter(share) else ()

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no probabilities."""
        check_shares(given)


def _first(target: Sentences) -> Sentences:
    """Return what is said of the error signals of probabilities."""
    return (
        "The first error signal of a class is minus",
        target,
        ", divided by its probability",
        When("weighted", ", times its weight"),
        averaged(", and divided by the number of samples", ""),
        ": the smaller the probability of what the target asks for, the more it matters.",
    )


_EACH_WEIGHTED = When(
    "weighted",
    When(
        "y",
        "Each term is multiplied by {weight}.",
        "Each term is multiplied by its entry of {weight}.",
        value=1,
    ),
)
"""Weights have the shape of the outputs, whose last axis alone is that of the classes."""

_AN_OUTPUT = When("y", "the output", "an output", value=1)


@dataclass(frozen=True)
class BinaryCrossEntropy(Smoothed, Weighted):
    """L = - sum over the outputs of (t log y + (1 - t) log(1 - y)), where y is a probability.

    Attributes:
        label_smoothing: The share s of every target that is spread over both classes:
            (1 - s) t + s / 2 stands for t.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "How far is {y} from {target}? We measure it by their binary cross-entropy",
            When("y", "", ", added up over the outputs", value=1),
            When("weighted", ", each weighed by {weight}"),
            ": the smaller the probability of what the target asks for, the larger it is.",
        ),
        backward=(
            "The first error signal is",
            When(
                "weighted",
                "the slope of the binary cross-entropy, weighed.",
                (
                    "positive where",
                    _AN_OUTPUT,
                    "is too large, negative where it is too small, and the farther from 0 the more "
                    "confident a wrong output is.",
                ),
            ),
        ),
    )
    needs: ClassVar[str] = (
        "binary_cross_entropy needs probabilities between 0 and 1: add a sigmoid layer before it"
    )

    def classes(self, y: Tensor) -> Size:
        """Return 2: yes and no."""
        return 2

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the cross-entropy of one yes-or-no output."""
        return -(t * log(y)) - (1 - t) * log(1 - y)


@dataclass(frozen=True)
class CrossEntropy(Smoothed, Weighted):
    """L = - sum over the outputs of t log y, where the y are probabilities.

    The target is a distribution over the classes, or their numbers, counted from 0: 2 stands for
    (0, 0, 1, 0, ...).

    Attributes:
        label_smoothing: The share s of every target that is spread over the K classes of the last
            axis: (1 - s) t + s / K stands for t.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "How far is {y} from {target}? We measure it by their cross-entropy: the smaller the "
            "probabilities of what the target asks for, the larger it is.",
            _EACH_WEIGHTED,
        ),
        backward=_first(When("label_smoothing", "its smoothed target", "its target")),
    )
    takes_classes: ClassVar[bool] = True
    needs: ClassVar[str] = (
        "cross_entropy needs positive probabilities: add a softmax layer before it, or use "
        "softmax_cross_entropy"
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the cross-entropy of one class."""
        return -(t * log(y))


@dataclass(frozen=True)
class KLDivergence(Weighted):
    """L = sum over the outputs of t (log t - log y), where the y are probabilities.

    This is the Kullback-Leibler divergence of y from the target distribution t, whose numbers are
    positive. It is the cross-entropy minus the entropy of t, and has the same derivatives.
    """

    called: ClassVar[str] = "Kullback-Leibler divergence"
    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "How far is {y} from {target}? We measure it by their Kullback-Leibler divergence, "
            "which is 0 where they agree.",
            _EACH_WEIGHTED,
        ),
        backward=_first("its target"),
    )
    type_name: ClassVar[str] = "kl_divergence"
    needs: ClassVar[str] = (
        "kl_divergence needs positive probabilities: add a softmax layer before it"
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the term of one class."""
        return t * log(t) - t * log(y)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that have no logarithm."""
        for number, t in enumerate(given, start=1):
            if not t.is_positive:
                raise SymcnnError(
                    f"the target's number {number} is {t}, which has no logarithm: give positive "
                    "numbers, or use cross_entropy, which has the same derivatives"
                )


@dataclass(frozen=True)
class Focal(Weighted):
    """Binary cross-entropy in which outputs that are nearly right count less.

        L = - sum over the outputs of  a t (1 - y)^g log y + (1 - a) (1 - t) y^g log(1 - y)

    where the y are probabilities. Without ``alpha``, both classes count alike: a and 1 - a are
    left out.

    Attributes:
        gamma: The exponent g; 0 gives the binary cross-entropy.
        alpha: The weight a of the class with t = 1, between 0 and 1; that of the other is 1 - a.

    Source: Lin et al. (2017).
    """

    gamma: Real = 2
    alpha: Real | None = None

    called: ClassVar[str] = "focal loss"
    source: ClassVar[str] = sources.FOCAL
    meaning: ClassVar[Meaning | None] = Meaning(
        forward=(
            "How far is {y} from {target}? We measure it by a binary cross-entropy",
            When("gamma", "in which outputs that are nearly right count less"),
            When("y", "", ", added up over the outputs", value=1),
            When("weighted", ", each weighed by {weight}"),
            ".",
        ),
        backward=(
            "The first error signal is the sum of two slopes: that of the answer yes, which calls "
            "for a larger output, and that of the answer no, which calls for a smaller one."
        ),
    )
    needs: ClassVar[str] = (
        "focal needs probabilities between 0 and 1: add a sigmoid layer before it"
    )

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the term of one yes-or-no output."""
        g = setting(self.gamma, "gamma")
        if g.is_negative:
            raise SymcnnError(f"gamma is {g}: give 0 or a positive number")
        first, second = Integer(1), Integer(1)
        if self.alpha is not None:
            first = setting(self.alpha, "alpha")
            second = 1 - first
            if not is_real_letter(first) and min(first, second) < 0:
                raise SymcnnError(f"alpha is {first}: give a number from 0 to 1")
        right, wrong = (1 - y) ** g * log(y), y**g * log(1 - y)
        return -first * t * right - second * (1 - t) * wrong

    def supposed(self) -> tuple[Relational, ...]:
        """Return that the exponent is not negative, and that both classes have a weight."""
        least = (Le(0, one) for one in (self.gamma, self.alpha) if is_real_letter(one))
        of_weights = (Le(self.alpha, 1),) if is_real_letter(self.alpha) else ()
        return tuple(one for one in (*least, *of_weights) if one != True)  # noqa: E712  # positive

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no probabilities."""
        check_shares(given)


# Cross-entropy of logits: a softmax turns them into probabilities.


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Smoothed, Reduced):
    """Cross-entropy of the softmax of the outputs; the targets sum to 1.

        ell = log(sum over k of exp(y[k])),  p[k] = exp(y[k] - ell)
        L = ell - sum over k of t[k] y[k]  =  - sum over k of t[k] log p[k]

    The last axis runs over the classes; L is summed over all positions. The target is a
    distribution over the classes, or their numbers, counted from 0.

    Attributes:
        label_smoothing: The share s of every target that is spread over the K classes:
            (1 - s) t + s / K stands for t.
    """

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "normaliser": When(
                "has_one_class",
                "With a single class it is {y} itself.",
                LOG_SUM_EXP.replace("{x}", "{y}"),
            ),
            "probabilities": When(
                "has_one_class",
                "The softmax of a single class is 1.",
                "Subtracting {normaliser} in the exponent divides by the sum of all "
                "exponentials: {probabilities} is the softmax of {y}.",
            ),
            "loss": (
                "How far is the output from the target?",
                When(
                    "has_one_class",
                    "There is a single class: its softmax is 1 whatever {y} is, and no output "
                    "changes its cross-entropy.",
                    "The softmax turns {y} into probabilities, and the cross-entropy compares "
                    "these with {target}.",
                ),
            ),
        },
        backward={
            "normaliser": (
                "The backward pass begins with the log-sum-exp, which enters the loss",
                averaged("divided by the number of samples.", "as it is."),
            ),
            "y": When(
                "has_one_class",
                "What {y} adds through {normaliser}, it takes away again through the product with "
                "the target, which is 1 up to rounding.",
                (
                    "The error signal of an output is its probability minus its target",
                    averaged(", divided by the number of samples", ""),
                    ": positive where a class has more probability than the target gives it, "
                    "negative where it has less.",
                ),
            ),
        },
    )
    takes_classes: ClassVar[bool] = True

    def has_one_class(self, y: Shape) -> bool:
        """Tell whether there is a single class, whose probability is 1."""
        return bool(y[-1] == 1)

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the logarithm of the sum, and the probabilities."""
        axes = "".join(y.axes)
        return {
            "normaliser": normaliser(y.shape, axes),
            "probabilities": Auxiliary(y.shape, "p", axes),
        }

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the normaliser, the probabilities and the two parts of the loss."""
        assert given is not None
        ell, p = auxiliaries["normaliser"], auxiliaries["probabilities"]
        return (
            normaliser_equation(ell, y, y),
            define(p[y.indices], exp(y[y.indices] - normaliser_entry(ell, y))),
            define(loss[0], ell[ell.indices]),
            define(loss[0], -(self.compared(given[y.indices], y) * y[y.indices])),
        )

    def usual(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return - sum of t log p."""
        assert given is not None
        p = auxiliaries["probabilities"]
        return (define(loss[0], -(self.compared(given[y.indices], y) * log(p[y.indices]))),)

    def supposes(self, given: Tensor) -> tuple[Eq, ...]:
        """Return that the targets sum to 1."""
        *_, classes = given.shape
        symbols = [given.symbol(position) for position in given.positions()]
        sums = (symbols[n : n + classes] for n in range(0, len(symbols), classes))
        return tuple(Eq(Add(*terms), 1) for terms in sums)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no distributions: the formula needs their sum to be 1."""
        classes = shape[-1]
        for start in range(0, len(given), classes):
            total = sum(given[start : start + classes], Integer(0))
            if abs(total - 1) > Rational(1, 10**9):
                raise SymcnnError(
                    f"the target's numbers {start + 1} to {start + classes} sum to {total}: give "
                    "a probability distribution over the classes, which sums to 1"
                )
        super().check(given, shape)
