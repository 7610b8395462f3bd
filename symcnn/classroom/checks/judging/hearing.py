"""What a function returned, sorted: arrays that can be compared, and why there are others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symcnn.classroom.checks.code.callee import Outcome
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.trial import Trial

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
