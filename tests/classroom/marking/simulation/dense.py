"""Dense layers."""

from __future__ import annotations

from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import (
    ZERO,
    Array,
    Position,
    by_columns,
    in_columns,
    positions,
)
from tests.classroom.marking.simulation.layer import ANYWHERE, Layer, Names


class Dense(Layer):
    """z[m] = b[m] + sum over k of w[m, k] a[k]."""

    forward_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *(
            "transposed weight",
            "broadcast product",
            "bias forgotten",
            "bias added to every product",
        ),
        *("mean instead of sum",),
    )
    backward_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *("transposed weight", "mean instead of sum"),
    )
    slope_mistakes: ClassVar[Names] = (
        *ANYWHERE,
        *("transposed weight", "samples not summed", "mean instead of sum"),
    )

    def __init__(self, units: int, bias: bool) -> None:
        self.units, self.bias = units, bias

    def symcnn(self) -> sc.Layer:
        return sc.Dense(self.units, bias=self.bias)

    def shape(self, shape: Position) -> Position:
        return (self.units,)

    def parameters(self, shape: Position) -> dict[str, Position]:
        weight = {"weight": (self.units, shape[0])}
        return {**weight, "bias": (self.units,)} if self.bias else weight

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        w = weights["weight"]
        if mistake == "transposed weight":
            w = by_columns(w)
        samples, inputs = (max(axis) + 1 for axis in zip(*x, strict=True))
        made = {}
        for n, m in positions((samples, self.units)):
            total = sum(w[m, k] * x[n, k] for k in range(inputs))
            if mistake == "broadcast product":
                total = sum(w[m, k] for k in range(inputs)) * sum(x[n, k] for k in range(inputs))
            if mistake == "mean instead of sum":
                total /= inputs
            times = {"bias forgotten": 0, "bias added to every product": inputs}.get(mistake, 1)
            made[n, m] = total + times * (weights["bias"][(m,)] if self.bias else ZERO)
        return made

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        w, units = weights["weight"], range(self.units)
        if mistake == "transposed weight":
            w = by_columns(w)
        divisor = self.units if mistake == "mean instead of sum" else 1
        return {(n, k): sum(dy[n, m] * w[m, k] for m in units) / divisor for n, k in x}

    def slope(self, name: str, x: Array, dy: Array, mistake: str = "") -> Array:
        samples, inputs = (max(axis) + 1 for axis in zip(*x, strict=True))
        used = range(1 if mistake == "samples not summed" else samples)
        divisor = samples if mistake == "mean instead of sum" else 1
        if name == "bias":
            return {(m,): sum(dy[n, m] for n in used) / divisor for m in range(self.units)}
        dw = {
            (m, k): sum(dy[n, m] * x[n, k] for n in used) / divisor
            for m, k in positions((self.units, inputs))
        }
        return in_columns(dw) if mistake == "transposed weight" else dw
