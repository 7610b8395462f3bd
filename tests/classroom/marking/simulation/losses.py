"""Losses, the mean over the samples, and their derivatives."""

from __future__ import annotations

from decimal import Decimal
from operator import methodcaller
from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import Array
from tests.classroom.marking.simulation.layer import Names


class Loss:
    """A loss."""

    mistakes: ClassVar[Names] = (
        "wrong sign",
        "factor 2 too many",
        "factor 2 missing",
        "mean instead of sum",
    )
    slope_mistakes: ClassVar[Names] = (
        *("wrong sign of the loss's derivative", "factor 2 too many", "factor 2 missing"),
    )

    def symcnn(self) -> sc.Loss:
        raise NotImplementedError

    def value(self, y: Array, t: Array, mistake: str = "") -> Decimal:
        raise NotImplementedError

    def slope(self, y: Array, t: Array, mistake: str = "") -> Array:
        raise NotImplementedError


def _samples(y: Array) -> int:
    return max(at[0] for at in y) + 1


class HalfSquared(Loss):
    """Half the sum of squares: with two outputs, 1/2 can be taken for that of a mean."""

    mistakes: ClassVar[Names] = (*Loss.mistakes, "sum instead of mean")
    slope_mistakes: ClassVar[Names] = (*Loss.slope_mistakes, "sum instead of mean")

    def symcnn(self) -> sc.Loss:
        return sc.HalfSquaredError()

    def value(self, y: Array, t: Array, mistake: str = "") -> Decimal:
        divisor = len(y) if mistake == "mean instead of sum" else 1
        if self._is_like_a_mean(y, mistake):
            return sum((y[at] - t[at]) ** 2 for at in y)
        return sum((y[at] - t[at]) ** 2 for at in y) / (2 * _samples(y) * divisor)

    def slope(self, y: Array, t: Array, mistake: str = "") -> Array:
        divisor = Decimal("0.5") if self._is_like_a_mean(y, mistake) else _samples(y)
        return {at: (y[at] - t[at]) / divisor for at in y}

    def _is_like_a_mean(self, y: Array, mistake: str) -> bool:
        return mistake == "sum instead of mean" and len(y) == 2 * _samples(y)


class MeanSquared(Loss):
    mistakes: ClassVar[Names] = (*Loss.mistakes, "sum instead of mean")
    slope_mistakes: ClassVar[Names] = (*Loss.slope_mistakes, "sum instead of mean")

    def symcnn(self) -> sc.Loss:
        return sc.MeanSquaredError()

    def value(self, y: Array, t: Array, mistake: str = "") -> Decimal:
        power = {"sum instead of mean": 0, "mean instead of sum": 2}.get(mistake, 1)
        return sum((y[at] - t[at]) ** 2 for at in y) / len(y) ** power

    def slope(self, y: Array, t: Array, mistake: str = "") -> Array:
        divisor = 1 if mistake == "sum instead of mean" else len(y)
        return {at: 2 * (y[at] - t[at]) / divisor for at in y}


class BinaryCrossEntropy(Loss):
    mistakes: ClassVar[Names] = (*Loss.mistakes, "logarithm to another base")

    def symcnn(self) -> sc.Loss:
        return sc.BinaryCrossEntropy()

    def value(self, y: Array, t: Array, mistake: str = "") -> Decimal:
        logarithm = methodcaller("log10" if mistake == "logarithm to another base" else "ln")
        terms = [t[at] * logarithm(y[at]) + (1 - t[at]) * logarithm(1 - y[at]) for at in y]
        return -sum(terms) / (_samples(y) * (len(y) if mistake == "mean instead of sum" else 1))

    def slope(self, y: Array, t: Array, mistake: str = "") -> Array:
        return {at: (y[at] - t[at]) / (y[at] * (1 - y[at]) * _samples(y)) for at in y}


class SoftmaxCrossEntropy(Loss):
    mistakes: ClassVar[Names] = (*Loss.mistakes, "logarithm to another base")
    slope_mistakes: ClassVar[Names] = (*Loss.slope_mistakes, "softmax not normalised")

    def symcnn(self) -> sc.Loss:
        return sc.SoftmaxCrossEntropy()

    def _softmax(self, y: Array, mistake: str) -> Array:
        raised = {at: number.exp() for at, number in y.items()}
        if mistake == "softmax not normalised":
            return raised
        totals = {}
        for (n, _), number in raised.items():
            totals[n] = totals.get(n, 0) + number
        return {at: number / totals[at[0]] for at, number in raised.items()}

    def value(self, y: Array, t: Array, mistake: str = "") -> Decimal:
        logarithm = methodcaller("log10" if mistake == "logarithm to another base" else "ln")
        p = self._softmax(y, mistake)
        return -sum(t[at] * logarithm(p[at]) for at in y) / _samples(y)

    def slope(self, y: Array, t: Array, mistake: str = "") -> Array:
        return {at: (p - t[at]) / _samples(y) for at, p in self._softmax(y, mistake).items()}
