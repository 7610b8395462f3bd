"""Maxima that several entries attain: every subgradient is right; it is said which one it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from symcnn.classroom.checks.judging.comparison import reproduces
from symcnn.classroom.checks.judging.evaluation import Evaluation, Stages
from symcnn.classroom.checks.judging.rounded import Array, Rounded
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.marking.mistakes.mistake import put
from symcnn.derivation import Derivation
from symcnn.derivation.adjoint import Routing
from symcnn.equations import Equation, Max


def convention(trial: Trial, name: str, returned: Array) -> str:
    """Return which of equal maxima receive the error signal, in a sentence; "" if it is no rule."""
    for words, due in _conventions(trial, name):
        if reproduces(due, returned):
            return words
    return ""


def _conventions(trial: Trial, name: str) -> Iterator[tuple[str, Rounded]]:
    for words, ties, backwards in (
        ("the first of equal maxima, row by row, receives the error signal", "first", False),
        ("equal maxima share the error signal equally", "split", False),
        ("the last of equal maxima, row by row, receives the error signal", "first", True),
        ("the first of equal maxima, column by column, receives the error signal", "first", None),
    ):
        stages = _Ruled(trial.subject.formulas.derivation, ties, backwards)
        yield words, Evaluation(stages, trial.numbers).due(trial.subject.tensor(name))


class _Ruled(Stages):
    """The stages of a derivation with another rule for ties."""

    def __init__(self, derivation: Derivation, ties: str, backwards: bool | None) -> None:
        super().__init__(derivation)
        self._ties, self._backwards = ties, backwards

    def computed(self, base, made, values):  # type: ignore[no-untyped-def]
        """Return the entries of a stage, a routing by the rule."""
        if not isinstance(made, Routing):
            return super().computed(base, made, values)
        rule = replace(made.source, reduction=Max(self._ties))  # type: ignore[arg-type]
        ruled, listed = Routing(made.tensor, rule), rule
        if self._backwards:
            return self._reversed(made, rule, values)
        if self._backwards is None:
            kept = [loop for loop in rule.loops if loop not in rule.reduced]
            listed = replace(rule, loops=(*kept, *reversed(rule.reduced)))
        return self.terms(listed).routed(ruled, self.size(base), values)

    def _reversed(self, made: Routing, rule: Equation, values) -> Rounded:  # type: ignore[no-untyped-def]
        """Run through every window from its end: the last maximum is then the first."""
        back = {loop.symbol: int(loop.size) - 1 - loop.symbol for loop in rule.reduced}
        turned = put(rule, back, rule.loops)
        found = super().computed(made.tensor.base, Routing(made.tensor, turned), values)
        shape = [int(loop.size) for loop in rule.loops]
        axes = tuple(n for n, loop in enumerate(rule.loops) if loop in rule.reduced)
        return Rounded.exactly(np.flip(found.value.reshape(shape), axes).ravel())
