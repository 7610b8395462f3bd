"""The sum of a layer's output and of that of the layer before it."""

from __future__ import annotations

from typing import ClassVar

import symcnn as sc
from tests.classroom.marking.simulation.arrays import Array, added
from tests.classroom.marking.simulation.layer import ANYWHERE, Layer, Names


class Residual(Layer):
    """s = y + x, where y is computed from x."""

    forward_mistakes: ClassVar[Names] = (*ANYWHERE, "path missing")
    inputs = ("conv2", "conv1")

    def symcnn(self) -> sc.Layer:
        return sc.Add(inputs=self.inputs)

    def forward(self, x: Array, weights: dict[str, Array], mistake: str = "") -> Array:
        return x if mistake == "path missing" else added(x, weights["skipped"])

    def backward(
        self, x: Array, y: Array, dy: Array, weights: dict[str, Array], mistake: str = ""
    ) -> Array:
        return dy
