"""Losses of courses whose targets are labels: one class for each sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sympy import Expr, Integer

from symcnn.equations import Equation, Tensor, define
from symcnn.equations.functions import relu
from symcnn.equations.notation import Shape
from symcnn.errors import SymcnnError
from symcnn.network.layers.declarations import Auxiliary
from symcnn.network.losses.loss import Reduced


@dataclass(frozen=True)
class MulticlassHinge(Reduced):
    """The loss of a support vector machine of several classes, of which one is right.

        s = sum over k of t[k] y[k]
        L = sum over k of (1 - t[k]) max(0, 1 + y[k] - s)

    The target is 1 at the right class and 0 elsewhere, so that s is the score of the right class.
    """

    called: ClassVar[str] = "hinge loss of several classes"

    def auxiliaries(self, y: Tensor) -> Mapping[str, Auxiliary]:
        """Return the score of the right class."""
        return {"score": Auxiliary((1,), "s", "i", noun="score of the right class")}

    def forward(
        self, loss: Tensor, y: Tensor, given: Tensor | None, **auxiliaries: Tensor
    ) -> tuple[Equation, ...]:
        """Return the score of the right class, and the margins that are missed."""
        assert given is not None
        t, read, score = given[y.indices], y[y.indices], auxiliaries["score"][0]
        margin = relu(1 + read - score)
        return define(score, t * read), define(loss[0], (Integer(1) - t) * margin)

    def check(self, given: Sequence[Expr], shape: Shape) -> None:
        """Refuse targets that are no labels."""
        _check_labels(given, shape)


def _check_labels(given: Sequence[Expr], shape: Shape) -> None:
    rows = np.asarray(given, dtype=float).reshape(-1, int(shape[-1]))
    if not (np.isin(rows, (0.0, 1.0)).all() and (rows.sum(axis=1) == 1).all()):
        raise SymcnnError("a target is no label: give 1 for the right class, and 0 elsewhere")
