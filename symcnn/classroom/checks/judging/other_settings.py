"""Other values of a setting: what the layer would give with stride 1, or with another epsilon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from symcnn.classroom.checks.judging.evaluation import Evaluation
from symcnn.classroom.checks.judging.guess import Guess
from symcnn.classroom.checks.judging.rounded import Rounded
from symcnn.classroom.checks.judging.subject import of_layer
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.errors import SymcnnError
from symcnn.network.meaning import PLACING

_REALS = (0, 1e-12, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.3, 0.5, 1, 2, 3)


def of_settings(trial: Trial) -> Iterator[Guess]:
    """Run over the guesses that a function has another value of a setting, or exchanges two."""
    if trial.subject.kind == "gradients":
        return
    given = trial.subject.layer.settings()
    for name, value in given.items():
        for other in _others(value):
            yield _with(
                f"{name} = {other}",
                f"This is what {name} = {other} gives, where {name} = {value}.",
                {name: other},
            )
    for one, other in combinations([n for n in given if _is_step(given[n])], 2):
        if given[one] != given[other]:
            yield _with(
                f"{one} and {other} exchanged",
                f"This is what {one} and {other} give if they are exchanged.",
                {one: given[other], other: given[one]},
            )


def _is_step(value: Any) -> bool:
    numbers = value if isinstance(value, tuple | list) else (value,)
    return all(isinstance(n, int) and not isinstance(n, bool) for n in numbers)


def _others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [n for n in (1, 0, 2) if n != value]
    if isinstance(value, list):
        return [list(other) if isinstance(other, tuple) else other for other in _others((*value,))]
    if isinstance(value, tuple):
        plain = [n for n in (1, 0) if {*value} != {n}]
        return [value[::-1], *plain] if value[::-1] != value else [*plain]
    if isinstance(value, str) or value is None:
        return []
    return [n for n in _REALS if n != value]


def _with(name: str, explanation: str, changed: dict[str, Any]) -> Guess:
    def make(trial: Trial, wanted: str) -> Rounded | None:
        subject = trial.subject
        try:
            layer = replace(subject.layer, **changed, **dict.fromkeys(PLACING))
        except (SymcnnError, ValueError, TypeError):
            return None
        shape = subject.network.stages[-1].input.of_one_sample().shape
        other = of_layer(layer, tuple(map(int, shape)), subject.batch, subject.kind)
        if other is None or len(other.network.given) != len(subject.network.given):
            return None
        pairs = zip(subject.network.given, other.network.given, strict=True)
        if any(a.shape != b.shape for a, b in pairs):
            return None
        numbers = dict(
            zip((t.name for t in other.network.given), trial.numbers.values(), strict=True)
        )
        return Evaluation(other.stages, numbers).due(other.tensor(wanted))

    return Guess(name, explanation, make)
