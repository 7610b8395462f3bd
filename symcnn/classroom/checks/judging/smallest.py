"""The smallest case that shows a mistake: sizes are lowered as far as it is still seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.judging.cases import small_subjects
from symcnn.classroom.checks.judging.comparison import compared
from symcnn.classroom.checks.judging.layouts import Layouts
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.verdict import Case

_TRIED = 16


class Smaller:
    """Trials at small sizes, run once for all arrays of a function."""

    def __init__(self, callee: Callee, trials: Sequence[Trial], *, fixed: bool) -> None:
        """Take the trials that were run; smaller ones are run when they are needed.

        Args:
            callee: The function.
            trials: The trials at which something was wrong.
            fixed: Whether the sizes were given.
        """
        self._callee, self._trials, self._fixed = callee, trials, fixed
        self._outcomes: list[tuple[Trial, Outcome]] | None = None

    @property
    def outcomes(self) -> list[tuple[Trial, Outcome]]:
        """What came back at small sizes, the smallest first."""
        if self._outcomes is None:
            self._outcomes = [] if self._fixed else self._run()
        return self._outcomes

    def _run(self) -> list[tuple[Trial, Outcome]]:
        made = [t for trial in _of_layers(self._trials) for t in _small(trial)]
        made.sort(key=lambda trial: trial.entries)
        outcomes = self._callee.run([trial.call for trial in made])
        return [*zip(made, outcomes, strict=True)]

    def wrong(self, name: str) -> list[tuple[Trial, Array]]:
        """Return the small trials in which an array is wrong, with the arrays."""
        pairs = ((t, _array(o, name)) for t, o in self.outcomes)
        return [(t, a) for t, a in pairs if a is not None and _is_wrong(t, a, name)]


def _of_layers(trials: Sequence[Trial]) -> list[Trial]:
    """Return a trial for each layer."""
    kept: dict[Any, Trial] = {}
    for trial in trials:
        kept.setdefault(trial.subject.layer.settings().__repr__(), trial)
    return [*kept.values()]


def _small(trial: Trial) -> list[Trial]:
    layer, kind = trial.subject.layer, trial.subject.kind
    largest = int(np.prod([int(n) for n in trial.subject.network.input_shape]))
    layer = type(layer)(**{**layer.settings()})
    found = small_subjects(layer, kind, largest, _TRIED)
    return [Trial(subject, 5, varied=trial.varied) for subject in found]


def _array(outcome: Outcome, name: str) -> Array | None:
    found = outcome.arrays.get(name) if not outcome.failure else None
    return None if found is None or name in outcome.unlaid else np.asarray(found)


def _is_wrong(trial: Trial, array: Array, name: str) -> bool:
    due = trial.due(name)
    return array.shape == due.value.shape and not compared(array, due).is_right


def case_of(trial: Trial, name: str, returned: Array | None, layouts: Layouts) -> Case:
    """Return a trial with its numbers, in the layout of the function."""
    subject = trial.subject

    def shown(of: str, array: Array) -> Any:
        return layouts.shown(subject, of, array).tolist()

    inputs: Mapping[str, Any] = {of: shown(of, array) for of, array in trial.inputs.items()}
    due = trial.due(name).value
    back = None
    if returned is not None:
        back = shown(name, returned) if returned.shape == due.shape else returned.tolist()
    return Case(trial.sizes, inputs, shown(name, due), back)
