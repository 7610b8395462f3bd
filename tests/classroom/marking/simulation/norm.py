"""Batch normalisation over samples and positions."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import ZERO, Array, Position
from tests.classroom.marking.simulation.layer import ANYWHERE, Layer, Names

EPSILON = Decimal("0.01")


class BatchNorm(Layer):
    """y = gamma (x - mu) / sqrt(V + epsilon) + beta, for every channel."""

    forward_mistakes: ClassVar[Names] = ("n - 1 instead of n", "bias forgotten")
    backward_mistakes: ClassVar[Names] = (*ANYWHERE, "path missing")
    slope_mistakes: ClassVar[Names] = (*ANYWHERE, "mean instead of sum", "samples not summed")

    def symcnn(self) -> sc.Layer:
        return sc.BatchNorm(EPSILON)

    def parameters(self, shape: Position) -> dict[str, Position]:
        return {"weight": shape[-1:], "bias": shape[-1:]}

    def _normalised(self, x: Array, less: int = 0) -> tuple[Array, dict[int, Decimal]]:
        """Return the normalised entries, and one over the deviation of every channel."""
        made, scale = dict(x), {}
        for c in {at[-1] for at in x}:
            entries = {at: number for at, number in x.items() if at[-1] == c}
            n = len(entries)
            mean = sum(entries.values(), ZERO) / n
            variance = sum((e - mean) ** 2 for e in entries.values()) / (n - less)
            scale[c] = 1 / (variance + EPSILON).sqrt()
            made |= {at: (number - mean) * scale[c] for at, number in entries.items()}
        return made, scale

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        normalised, _ = self._normalised(x, less=mistake == "n - 1 instead of n")
        gamma, beta = weights["weight"], weights["bias"]
        kept = 0 if mistake == "bias forgotten" else 1
        return {at: gamma[at[-1:]] * h + kept * beta[at[-1:]] for at, h in normalised.items()}

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        normalised, scale = self._normalised(x)
        dh = {at: signal * weights["weight"][at[-1:]] for at, signal in dy.items()}
        if mistake == "path missing":
            return {at: scale[at[-1]] * d for at, d in dh.items()}
        dx = {}
        for c in {at[-1] for at in x}:
            own = [at for at in x if at[-1] == c]
            mean = sum(dh[at] for at in own) / len(own)
            slope = sum(dh[at] * normalised[at] for at in own) / len(own)
            dx |= {at: scale[c] * (dh[at] - mean - normalised[at] * slope) for at in own}
        return {at: dx[at] for at in x}

    def slope(self, name: str, x: Array, dy: Array, mistake: str = "") -> Array:
        normalised, _ = self._normalised(x)
        made = {}
        for c in sorted({at[-1] for at in x}):
            own = [at for at in x if at[-1] == c]
            used = [at for at in own if at[0] == 0] if mistake == "samples not summed" else own
            terms = [dy[at] * (normalised[at] if name == "weight" else 1) for at in used]
            made[(c,)] = sum(terms) / (len(own) if mistake == "mean instead of sum" else 1)
        return made
