"""Dropout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from sympy import Expr

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape
from symcnn.equations.values import Real, exact
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Given
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class Dropout(Layer):
    """Entries that a given mask keeps are scaled up; the others become 0.

        y[i, ...] = m[i, ...] x[i, ...] / (1 - rate)

    The mask m is given, one number for every entry of every sample: 1 where the entry is kept
    and 0 where it is dropped. No number is drawn, so results can be computed by hand and
    repeated. For prediction, where nothing is dropped, there is no mask and y = x.

    Shapes: x, y and the mask have the same shape.

    Attributes:
        rate: The probability with which the mask was drawn to drop an entry; the scaling keeps
            the expected value of y equal to x.
        masked: Whether there is a mask; if not, y = x.

    Source: Srivastava et al., "Dropout" (2014).
    """

    rate: Real = Decimal("0.5")
    masked: bool = True

    meaning: ClassVar[Meaning | None] = Meaning(
        forward=When(
            "masked",
            "Each entry of {mask} is 0 or 1. Where it is 0, the entry of {x} is dropped; the "
            "others are divided by {kept}, the probability of being kept, so that the expected "
            "value stays the same.",
            "Nothing is dropped outside of training: {y} is {x}.",
        ),
        backward=When(
            "masked",
            "What was dropped receives no error signal; what was kept receives it, divided by "
            "{kept} as well.",
            "Nothing was computed, so the error signal is passed on unchanged.",
        ),
    )
    source: ClassVar[str] = sources.DROPOUT
    prefix: ClassVar[str] = "dropout"
    supplied: ClassVar[Mapping[str, str]] = {"mask": "masked"}

    def givens(self, shape: Shape) -> Mapping[str, Given]:
        """Return the mask, unless ``masked`` is off."""
        axes = "ijkmopq"[: len(shape)]
        return {"mask": Given(shape, "m", axes, sampled=True)} if self.masked else {}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return y = m x / (1 - rate)."""
        kept, position = self.kept, y.indices
        if not self.masked:
            return (define(y[position], x[position]),)
        return (define(y[position], tensors["mask"][position] * x[position] / kept),)

    @property
    def kept(self) -> Expr:
        """The probability with which an entry is kept."""
        rate = exact(self.rate, "rate")
        if not 0 <= rate < 1:
            raise SymcnnError(f"rate is {rate}: give a number from 0 to below 1")
        return 1 - rate
