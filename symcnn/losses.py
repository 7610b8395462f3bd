"""Losses: equations that make one number of the network's output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy import Expr, Integer, Rational

from symcnn.equations import Equation, Tensor, define
from symcnn.errors import SymcnnError

Over = Literal["mean", "sum"]


@dataclass(frozen=True)
class Loss:
    """A loss of one sample; over a batch their mean or sum.

    Attributes:
        reduction: Over the samples of a batch, "mean" or "sum".
    """

    reduction: Over = "mean"

    def forward(self, loss: Tensor, y: Tensor, target: Tensor) -> Equation:
        """Return the equation that defines the loss of one sample."""
        raise NotImplementedError

    def share(self, samples: int) -> Expr:
        """Return the weight of one sample among several."""
        if self.reduction not in ("mean", "sum"):
            raise SymcnnError(f'reduction = {self.reduction!r} is not known: "mean" and "sum" are')
        return Rational(1, samples) if self.reduction == "mean" else Integer(1)


@dataclass(frozen=True)
class HalfSquaredError(Loss):
    """L = 1/2 * sum over the outputs of (target - y)^2."""

    def forward(self, loss: Tensor, y: Tensor, target: Tensor) -> Equation:
        """Return half the squared difference, summed over all outputs."""
        difference = target[y.indices] - y[y.indices]
        return define(loss[0], difference**2 / 2)
