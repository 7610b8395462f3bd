"""The smallest case that shows a mistake: sizes are lowered as far as it is still seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.judging.cases import Sizes, small_subjects
from symcnn.classroom.checks.judging.comparison import compared
from symcnn.classroom.checks.judging.layouts import Layouts
from symcnn.classroom.checks.judging.rounded import Array
from symcnn.classroom.checks.judging.ties import convention
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.verdict import Case

_TRIED = 16


class Smaller:
    """Trials at small sizes, run once for all arrays of a function."""

    def __init__(self, callee: Callee, trials: Sequence[Trial], sizes: Sizes | None) -> None:
        """Take the trials that were run; smaller ones are run when they are needed.

        Args:
            callee: The function.
            trials: The trials at which something was wrong.
            sizes: Which sizes the function takes; None if there are no others.
        """
        self._callee, self._trials, self._sizes = callee, trials, sizes
        self._outcomes: list[tuple[Trial, Outcome]] | None = None

    @property
    def outcomes(self) -> list[tuple[Trial, Outcome]]:
        """What came back at small sizes, the smallest first."""
        if self._outcomes is None:
            sizes = self._sizes
            self._outcomes = [] if sizes is None or sizes.shape else self._run(sizes)
        return self._outcomes

    def _run(self, sizes: Sizes) -> list[tuple[Trial, Outcome]]:
        made = [t for trial in _of_layers(self._trials) for t in _small(trial, sizes)]
        if any(trial.tied for trial in self._trials):
            made += [replace(trial, tied=True) for trial in made]
        made.sort(key=lambda trial: trial.entries)
        outcomes = self._callee.run([trial.call for trial in made])
        return [*zip(made, outcomes, strict=True)]

    def wrong(self, name: str, *, tied: bool) -> list[tuple[Trial, Array]]:
        """Return the small trials in which an array is wrong, with the arrays."""
        pairs = ((t, _array(o, name)) for t, o in self.outcomes if t.tied == tied)
        return [(t, a) for t, a in pairs if a is not None and _is_wrong(t, a, name)]

    def misshapen(self, name: str) -> list[tuple[Trial, Array]]:
        """Return the small trials in which an array has another shape, with the arrays."""
        pairs = ((t, o.arrays.get(name)) for t, o in self.outcomes)
        known = ((t, np.asarray(a)) for t, a in pairs if a is not None)
        return [(t, a) for t, a in known if a.shape != t.due(name).value.shape]


def _of_layers(trials: Sequence[Trial]) -> list[Trial]:
    kept: dict[str, Trial] = {}
    for trial in trials:
        kept.setdefault(repr(trial.varied), trial)
    return [*kept.values()]


def _small(trial: Trial, sizes: Sizes) -> list[Trial]:
    layer, kind = trial.subject.layer, trial.subject.kind
    largest = int(np.prod([int(n) for n in trial.subject.network.input_shape]))
    plain = replace(layer, name=None, inputs=None)
    found = small_subjects(plain, kind, sizes, largest, _TRIED)
    return [Trial(subject, 5, short=True, varied=trial.varied) for subject in found]


def _array(outcome: Outcome, name: str) -> Array | None:
    found = outcome.arrays.get(name) if not outcome.failure else None
    return None if found is None or name in outcome.unlaid else np.asarray(found)


def _is_wrong(trial: Trial, array: Array, name: str) -> bool:
    due = trial.due(name)
    if array.shape != due.value.shape or compared(array, due).is_right:
        return False
    return not (trial.tied and convention(trial, name, array))


def case_of(trial: Trial, name: str, returned: Array | None, layouts: Layouts) -> Case:
    """Return a trial with its numbers, in the layout of the function."""
    subject = trial.subject

    def shown(of: str, array: Array) -> Any:
        return layouts.shown(subject, of, array).tolist()

    inputs: Mapping[str, Any] = {
        of: shown(of, array) for of, array in trial.inputs.items() if of != "y"
    }
    due = trial.due(name).value
    back = None
    if returned is not None:
        back = shown(name, returned) if returned.shape == due.shape else returned.tolist()
    return Case(trial.sizes, inputs, shown(name, due), back)
