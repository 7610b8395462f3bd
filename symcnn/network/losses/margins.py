"""Margins and overlaps: losses of yes-or-no outputs without logarithms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sympy import Expr, Integer

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import relu
from symcnn.equations.notation import Shape
from symcnn.equations.sizes import Size
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.losses.loss import Reduced, Weighted, check_shares
from symcnn.network.meaning import Meaning, When


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
