"""Sums: of the outputs themselves, or of their products with a given gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.sizes import Size
from symcnn.network.losses.loss import Entrywise, Loss
from symcnn.network.meaning import Meaning, When


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
