"""Cross-entropy of logits: a softmax turns them into probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Add, Eq, Expr, Integer, Rational, exp, log

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.softmax import (
    LOG_SUM_EXP,
    normaliser,
    normaliser_entry,
    normaliser_equation,
)
from symcnn.network.losses.loss import Reduced, averaged, check_shares
from symcnn.network.losses.smoothing import Smoothed
from symcnn.network.meaning import Meaning, When


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
        check_shares(given)
