"""Kinks in floats: where rounding decides which slope of a function a derivative takes.

What a ReLU reads is 0 on paper and 5.6e-17 in floats, or the other way round. That decides a
gradient wherever something comes back to the function and its argument can move.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sympy import Symbol

from symcnn.equations import position_of
from symcnn.equations.values import Evaluation
from symcnn.problems import Problem
from symcnn.problems.evaluation.ties import Moves
from symcnn.reference import Forward, Kink

KINKED = 1e-12
"""An argument is nearly at a kink that is closer than this, relative to its largest term."""


@dataclass(frozen=True)
class NearKink:
    """One entry that is computed at a kink, or nearly there.

    Attributes:
        layer: The name of the tensor that it belongs to.
        entry: The entry.
        argument: The entry that it is a function of.
    """

    layer: str
    entry: Symbol
    argument: Symbol

    def __str__(self) -> str:
        """Name the entry and its argument."""
        return (
            f"{self.layer}, entry {self.entry}: {self.argument} is at a kink, or within "
            "rounding of one"
        )


def near_kinks(
    problem: Problem, evaluation: Evaluation, passed: Forward | None = None
) -> Iterator[NearKink]:
    """Find the entries at which a kink, or nearly one, decides a gradient.

    Args:
        problem: A network with its numbers.
        evaluation: Its floats.
        passed: The forward pass at these numbers, if it was made before.
    """
    passed = passed or Forward(problem.network, problem.values)
    moves = Moves(problem.derivation, passed)
    for kink in passed.kinks(KINKED):
        if not {kink.equation.target.base, kink.base} <= problem.derivation.tensors.keys():
            continue  # of a shifted logarithm's parts, which no layer has
        found = _near_kink(problem, kink)
        arriving = evaluation.gradients.get(found.layer)
        entry = position_of(kink.entry, problem.derivation.tensors[kink.equation.target.base].shape)
        if (arriving is None or np.asarray(arriving)[entry] != 0) and moves(found.argument):
            yield found


def _near_kink(problem: Problem, kink: Kink) -> NearKink:
    target, read = (problem.derivation.tensors[b] for b in (kink.equation.target.base, kink.base))
    entry = target.symbol(position_of(kink.entry, target.shape))
    argument = read.symbol(position_of(kink.read, read.shape))
    return NearKink(target.name, entry, argument)
