"""Cross-entropies: of probabilities, or of logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sympy import Eq, Expr, Integer, Rational, exp, log

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.softmax import normaliser, normaliser_entry, normaliser_equation
from symcnn.network.losses.loss import Reduced, Weighted, check_shares


def smoothed(t: Expr, by: Any, classes: Size) -> Expr:
    """Return (1 - s) t + s / K: a share s of the target, spread over all K classes.

    Raises:
        SymcnnError: If s is no number from 0 to below 1.
    """
    share = setting(by, "label_smoothing")
    if not (share.is_nonnegative and (share < 1) == True):  # noqa: E712  # of a letter it is neither
        raise SymcnnError(f"label_smoothing is {share}: give a number from 0 to below 1")
    return (1 - share) * t + share / classes


@dataclass(frozen=True)
class BinaryCrossEntropy(Weighted):
    """L = - sum over the outputs of (t log y + (1 - t) log(1 - y)), where y is a probability.

    Attributes:
        label_smoothing: The share s of every target that is spread over both classes:
            (1 - s) t + s / 2 stands for t.
    """

    label_smoothing: Real = field(default=0, kw_only=True)

    needs: ClassVar[str] = (
        "binary_cross_entropy needs probabilities between 0 and 1: add a sigmoid layer before it"
    )

    def compared(self, t: Expr, y: Tensor) -> Expr:
        """Return the smoothed target."""
        return smoothed(t, self.label_smoothing, 2)

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the cross-entropy of one yes-or-no output."""
        return -(t * log(y)) - (1 - t) * log(1 - y)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no probabilities."""
        check_shares(given)


@dataclass(frozen=True)
class CrossEntropy(Weighted):
    """L = - sum over the outputs of t log y, where the y are probabilities.

    The target is a distribution over the classes, or their numbers, counted from 0: 2 stands for
    (0, 0, 1, 0, ...).

    Attributes:
        label_smoothing: The share s of every target that is spread over the K classes of the last
            axis: (1 - s) t + s / K stands for t.
    """

    label_smoothing: Real = field(default=0, kw_only=True)

    takes_classes: ClassVar[bool] = True
    needs: ClassVar[str] = (
        "cross_entropy needs positive probabilities: add a softmax layer before it, or use "
        "softmax_cross_entropy"
    )

    def compared(self, t: Expr, y: Tensor) -> Expr:
        """Return the smoothed target."""
        return smoothed(t, self.label_smoothing, y.shape[-1])

    def term(self, y: Expr, t: Expr, outputs: Size) -> Expr:
        """Return the cross-entropy of one class."""
        return -(t * log(y))

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no probabilities."""
        check_shares(given)


@dataclass(frozen=True)
class KLDivergence(Weighted):
    """L = sum over the outputs of t (log t - log y), where the y are probabilities.

    This is the Kullback-Leibler divergence of y from the target distribution t, whose numbers are
    positive. It is the cross-entropy minus the entropy of t, and has the same derivatives.
    """

    called: ClassVar[str] = "Kullback-Leibler divergence"
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

    Source: Lin et al., "Focal loss for dense object detection" (2017).
    """

    gamma: Real = 2
    alpha: Real | None = None

    called: ClassVar[str] = "focal loss"
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
            if not (first.is_nonnegative and second.is_nonnegative):
                raise SymcnnError(f"alpha is {first}: give a number from 0 to 1")
        right, wrong = (1 - y) ** g * log(y), y**g * log(1 - y)
        return -first * t * right - second * (1 - t) * wrong

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no probabilities."""
        check_shares(given)


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Reduced):
    """Cross-entropy of the softmax of the outputs; the targets sum to 1.

        ell = log(sum over k of exp(y[k])),  p[k] = exp(y[k] - ell)
        L = ell - sum over k of t[k] y[k]  =  - sum over k of t[k] log p[k]

    The last axis runs over the classes; L is summed over all positions. The target is a
    distribution over the classes, or their numbers, counted from 0.

    Attributes:
        label_smoothing: The share s of every target that is spread over the K classes:
            (1 - s) t + s / K stands for t.
    """

    label_smoothing: Real = field(default=0, kw_only=True)

    takes_classes: ClassVar[bool] = True

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

    def compared(self, t: Expr, y: Tensor) -> Expr:
        """Return the smoothed target."""
        return smoothed(t, self.label_smoothing, y.shape[-1])

    def supposes(self, given: Tensor) -> tuple[Eq, ...]:
        """Return that the targets sum to 1."""
        *_, classes = given.shape
        symbols = [given.symbol(position) for position in given.positions()]
        sums = (symbols[n : n + classes] for n in range(0, len(symbols), classes))
        return tuple(Eq(sum(terms, Integer(0)), 1) for terms in sums)

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
        check_shares(given)
