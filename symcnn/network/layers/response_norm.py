"""Local response normalisation: each channel is divided by a measure of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.notation import Shape, index
from symcnn.equations.sizes import Size, floor_of, positive_integer
from symcnn.equations.values import Real, setting
from symcnn.errors import SymcnnError
from symcnn.network.layers import sources
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.layers.layer import Layer
from symcnn.network.meaning import Meaning, When


@dataclass(frozen=True)
class LocalResponseNorm(Layer):
    """Every entry is divided by a power of the squares of n channels around its own.

        Q[..., c] = sum over u < n of x[..., c + u - floor(n / 2)]^2
        y[..., c] = x[..., c] / (k + alpha Q[..., c] / n)^beta

    Channels that do not exist are left out. As in PyTorch, there is one more channel before c
    than behind it where n is even.

    Shapes: x and y have the same shape, channels last.

    Attributes:
        size: The number n of channels.
        alpha: The factor of the mean square.
        beta: The exponent.
        k: What is added; it is positive and keeps the divisor away from 0.

    Source: Krizhevsky, Sutskever and Hinton (2012).
    """

    size: Size
    alpha: Real = Decimal("0.0001")
    beta: Real = Decimal("0.75")
    k: Real = 1

    meaning: ClassVar[Meaning | None] = Meaning(
        forward={
            "squares": When(
                "size",
                "They are the squares of all entries.",
                "At each position, the squares of up to {size} neighbouring channels are added up.",
                value=1,
            ),
            "y": (
                "Each entry of {x} is divided by a power of",
                When(
                    "size",
                    "its square: {k} is added to {alpha} times it",
                    "the squares around it: {k} is added to {alpha}/{size} times their sum",
                    value=1,
                ),
                ", and the power is {beta}.",
            ),
        },
        backward={
            "squares": "The squares stand in the divisor: their error signal is that of {y}, times "
            "the slope of the quotient.",
            "x": "An entry is divided itself, and its square is part of the divisors around it: "
            "its error signal has a direct part, and a part through {squares}.",
        },
    )
    source: ClassVar[str] = sources.IMAGENET
    departs: ClassVar[str] = "There the sums of squares are not divided by the size of the window."
    prefix: ClassVar[str] = "response_norm"
    letter: ClassVar[str] = "y"

    def auxiliaries(self, shape: Shape) -> Mapping[str, Auxiliary]:
        """Return the sums of squares."""
        positive_integer(self.size, "size")
        axes = "ijkmopqr"[: len(shape)]
        return {"squares": Auxiliary(shape, "Q", axes, noun="sums of squares")}

    def forward(self, y: Tensor, x: Tensor, **tensors: Tensor) -> tuple[Equation, ...]:
        """Return the sums of squares and the quotient."""
        *place, c = y.indices
        squares, u = tensors["squares"][y.indices], index("u")
        near = x[(*place, c + u - floor_of(self.size, 2))]
        k, alpha, beta = (setting(getattr(self, name), name) for name in ("k", "alpha", "beta"))
        if k.is_negative or k.is_zero:
            raise SymcnnError(f"k is {k}: give a positive number")
        if alpha.is_negative:
            raise SymcnnError(f"alpha is {alpha}: give 0 or a positive number")
        over = {u: self.size, c: x.shape[-1]}
        divisor = (k + alpha * squares / self.size) ** beta
        return define(squares, near**2, over=over), define(y[y.indices], x[y.indices] / divisor)
