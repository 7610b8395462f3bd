"""A layer and a loss with their types: each names the tensors that it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import symcnn as sc


@dataclass(frozen=True)
class Energy(sc.Layer):
    """The energy of each entry of a vector: y[q] = gain[q] x[q]^2."""

    def parameters(self, shape: Sequence[int]) -> Mapping[str, sc.Parameter]:
        """Return the gains."""
        return {"gain": sc.Parameter(tuple(shape), "w", "q")}

    def forward(self, y: sc.Tensor, x: sc.Tensor, gain: sc.Tensor) -> tuple[sc.Equation, ...]:
        """Return the equation."""
        (q,) = y.indices
        return (sc.define(y[q], gain[q] * x[q] ** 2),)


@dataclass(frozen=True)
class Distance(sc.Loss):
    """The sum of squared differences: L = sum over q of (y[q] - t[q])^2."""

    given = "target"

    def forward(self, loss: sc.Tensor, y: sc.Tensor, target: sc.Tensor) -> tuple[sc.Equation, ...]:
        """Return the equation."""
        (q,) = y.indices
        return (sc.define(loss[0], (y[q] - target[q]) ** 2),)
