"""What a function returned, sorted: arrays that can be compared, and why there are others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from symcnn.classroom.checks.code.callee import Outcome
from symcnn.classroom.checks.judging.comparison import reproduces
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.rounded import Rounded
from symcnn.classroom.checks.judging.trial import Trial

_MOST_AXES = 5


@dataclass(frozen=True)
class Fault:
    """Why an array cannot be compared.

    Attributes:
        verdict: ``crashed`` or ``shape``.
        explanation: What is the matter, in a sentence or two.
        trial: The trial in which it was seen.
    """

    verdict: str
    explanation: str
    trial: Trial


def heard(
    name: str, trials: Sequence[Trial], outcomes: Sequence[Outcome]
) -> tuple[list[Heard], list[Fault]]:
    """Return the arrays of a name that have the shape that is due, and what is wrong with others.

    Args:
        name: The array.
        trials: The trials.
        outcomes: What came back in each.
    """
    found, faults = list[Heard](), list[Fault]()
    for trial, outcome in zip(trials, outcomes, strict=True):
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
        return Fault("crashed", f"The function returned an array of {array.dtype}.", trial)
    if name in outcome.unlaid or array.shape != due.value.shape:
        return Fault("shape", _other_shape(array, due, unlaid=name in outcome.unlaid), trial)
    return None


def _other_shape(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], due: Rounded, *,
                 unlaid: bool) -> str:
    """Say which shape came back, and of what it is if its entries are known."""
    said = f"The shape is {array.shape}, where {due.value.shape} is due"
    if unlaid:
        said = f"The array has {array.ndim} axes, where {due.value.ndim} are due"
    return f"{said}{_reason(array, due)}."


def _reason(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], due: Rounded) -> str:
    if array.size == due.value.size:
        flat = Rounded(due.value.reshape(array.shape), due.error.reshape(array.shape))
        if reproduces(flat, array):
            return "; the entries are right, in this order: reshape it"
    for order in permutations(range(due.value.ndim)) if due.value.ndim <= _MOST_AXES else ():
        moved = Rounded(np.transpose(due.value, order), np.transpose(due.error, order))
        if moved.value.shape == array.shape and reproduces(moved, array):
            axes = ", ".join(map(str, order))
            return f"; the entries are right, but for the order of the axes, ({axes})"
    for axes_out in _subsets(due.value.ndim):
        value = due.value.sum(axis=axes_out)
        error = due.error.sum(axis=axes_out) + due.value.size * np.abs(due.value).sum(axis=axes_out)
        if value.shape == array.shape and reproduces(Rounded(value, error), array):
            return f"; it is summed over the axes {axes_out}, too"
    return ""


def _subsets(axes: int) -> list[tuple[int, ...]]:
    return [(n,) for n in range(axes)] + [(n, m) for n in range(axes) for m in range(n + 1, axes)]
