"""A function made ready to be run on trials, what it returned, and the smallest wrong case."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.arguments import Names, listed
from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.code.functions import callee
from symcnn.classroom.checks.code.layouts import layout_of
from symcnn.classroom.checks.code.recognised import Asked
from symcnn.classroom.checks.code.source_text import returned
from symcnn.classroom.checks.code.vocabulary import gradient_called
from symcnn.classroom.checks.judging.cases import Sizes, Tried, small_subjects
from symcnn.classroom.checks.judging.maxima import convention
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.presentation import Layouts
from symcnn.classroom.checks.judging.rounded import Array, compared
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.classroom.checks.verdict import Case


@dataclass(frozen=True)
class Stated:
    """How a function is called.

    Attributes:
        layout: The layout of its images.
        kernel_layout: That of its kernels.
        arguments: What it takes.
        returns: What it returns.
        seconds: The time after which it is stopped.
    """

    layout: str
    kernel_layout: str | None
    arguments: Names
    returns: Names
    seconds: float


def wanted(function: Any, tried: Tried, asked: Stated) -> tuple[str, ...]:
    """Return the arrays that are due: those that the function is stated to return, or all.

    Of the statistics of a normalisation, these are those that it returns.
    """
    subject = tried.trials[0].subject
    every = subject.wanted
    if subject.offered and not isinstance(asked.returns, Mapping):
        forward = function[0] if isinstance(function, tuple | list) else function
        return (*every, *returned(forward, listed(asked.returns)).statistics)
    if asked.returns is None:
        return every
    words = asked.returns.split(",") if isinstance(asked.returns, str) else asked.returns
    stated = {gradient_called(str(word).strip(), every) for word in words}
    return tuple(name for name in every if name in stated) or every


def called(function: Any, tried: Tried, asked: Stated) -> Callee:
    """Return a function that can be run on trials."""
    subject = tried.trials[0].subject
    axes = max(len(trial.subject.network.input_shape) for trial in tried.trials) - 1
    layout = replace(
        layout_of(asked.layout, asked.kernel_layout, axes),
        flattened=Layouts(asked.layout, asked.kernel_layout).flattened(subject),
    )
    names = _names(function, subject)
    due = wanted(function, tried, asked)
    about = Asked(subject.kind, due, names, tried.settings, asked.arguments, asked.returns)
    return callee(function, about, layout, asked.seconds)


def _names(function: Any, subject: Subject) -> tuple[str, ...]:
    """Return the arrays that can be passed; those of ``*arrays`` are what the layer is given."""
    if subject.kind == "backward" and _takes_any_number(function):
        return tuple(name for name in subject.given if name != "y")
    return subject.given


def _takes_any_number(function: Any) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    return any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)


_COMPLEX = (
    "The function returned complex numbers where real ones are due: return the real part, as "
    "after an inverse Fourier transform."
)


@dataclass(frozen=True)
class Fault:
    """Why an array cannot be compared.

    Attributes:
        verdict: ``crashed`` or ``shape``.
        explanation: What is the matter, in a sentence; "" of a shape, which is told later.
        trial: The trial in which it was seen.
    """

    verdict: str
    explanation: str
    trial: Trial


def heard(
    name: str, trials: Sequence[Trial], outcomes: Sequence[Outcome]
) -> tuple[list[Heard], list[Fault]]:
    """Return the arrays of a name that have the shape that is due, and what is wrong with others.

    Trials for which the function was not called any more are left out.
    """
    found, faults = list[Heard](), list[Fault]()
    for trial, outcome in zip(trials, outcomes, strict=True):
        if outcome.is_skipped:
            continue
        fault = _fault(name, trial, outcome)
        if fault is None:
            found.append(Heard(trial, np.asarray(outcome.arrays[name])))
        else:
            faults.append(fault)
    return found, faults


def _fault(name: str, trial: Trial, outcome: Outcome) -> Fault | None:
    if outcome.failure:
        return Fault("crashed", outcome.failure, trial)
    if name not in outcome.arrays:
        return Fault("crashed", "The function returned no such array.", trial)
    array, due = np.asarray(outcome.arrays[name]), trial.due(name)
    if array.dtype.kind not in "fiub":
        return Fault("crashed", _COMPLEX, trial)
    if name in outcome.unlaid or array.shape != due.value.shape:
        return Fault("shape", "", trial)
    return None


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
