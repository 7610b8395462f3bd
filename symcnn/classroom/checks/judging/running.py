"""A function made ready to be run on trials, and what it returned, sorted."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.arguments import Names, listed
from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.code.functions import callee
from symcnn.classroom.checks.code.return_names import returned
from symcnn.classroom.checks.code.vocabulary import gradient_called
from symcnn.classroom.checks.judging.cases import Tried
from symcnn.classroom.checks.judging.layouts import Layouts
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.subject import Subject
from symcnn.classroom.checks.judging.trial import Trial


@dataclass(frozen=True)
class Asked:
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


def wanted(function: Any, tried: Tried, asked: Asked) -> tuple[str, ...]:
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


def called(function: Any, tried: Tried, asked: Asked) -> Callee:
    """Return a function that can be run on trials."""
    subject = tried.trials[0].subject
    return callee(
        function,
        kind=subject.kind,
        wanted=wanted(function, tried, asked),
        names=_names(function, subject),
        layout=asked.layout,
        kernel_layout=asked.kernel_layout,
        arguments=asked.arguments,
        returns=asked.returns,
        seconds=asked.seconds,
        image_axes=max(len(trial.subject.network.input_shape) for trial in tried.trials) - 1,
        settings_names=tried.settings,
        flattened=Layouts(asked.layout, asked.kernel_layout).flattened(subject),
    )


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
