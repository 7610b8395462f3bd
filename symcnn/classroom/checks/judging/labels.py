"""Targets that a function takes as labels: the number of the class of each sample.

    t = [[0, 0, 1], [1, 0, 0]]      as labels      [2, 0]

Which of the two it takes is seen where it fails on the one and not on the other.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer

from symcnn.classroom.checks.code.callee import Callee, Outcome
from symcnn.classroom.checks.judging.cases import Tried
from symcnn.classroom.checks.judging.running import Asked, called
from symcnn.classroom.checks.judging.trial import TARGET, Trial
from symcnn.errors import SymcnnError

_READ = (
    "The target is passed as labels, the number of the class of each sample, which is 1 in the "
    "target: the function fails on the target itself."
)


def run(function: object, tried: Tried, asked: Asked) -> tuple[Callee, Tried, list[Outcome]]:
    """Run a function on its trials, on labels where it fails on the first target.

    Args:
        function: The function.
        tried: The trials.
        asked: How it is called.
    """
    callee = called(function, tried, asked)
    outcomes = [*callee.run([trial.call for trial in tried.trials])]
    if not _fails(tried.trials[0], outcomes[0]) or not all(map(_has_classes, tried.trials)):
        return callee, tried, outcomes
    labelled = replace(tried, trials=[replace(trial, labels=True) for trial in tried.trials])
    other = called(function, labelled, asked)
    found = [*other.run([trial.call for trial in labelled.trials])]
    if _fails(labelled.trials[0], found[0]):
        return callee, tried, outcomes
    other.notes = (*other.notes, _READ)
    return other, labelled, found


def _fails(trial: Trial, outcome: Outcome) -> bool:
    """Tell whether a call raised an exception, or returned an array of another shape."""
    due = ((name, trial.due(name).value.shape) for name in outcome.arrays)
    return bool(outcome.failure) or any(outcome.arrays[n].shape != shape for n, shape in due)


def _has_classes(trial: Trial) -> bool:
    """Tell whether the loss takes a target that is 1 at one class and 0 at the others."""
    network = trial.subject.network
    target = network.target
    if target is None or TARGET not in trial.subject.given or len(target.shape) < 2:
        return False
    *rows, classes = (int(n) for n in target.shape)
    first = [Integer(number == 0) for number in range(classes)]
    try:
        network.loss.check(first * (int(target.size) // classes), target.shape)
    except SymcnnError:
        return False
    return bool(rows) and classes > 1
