"""What else may have happened to a whole array: a factor, another setting, exchanged axes.

Each guess makes another array of what is due, or of the inputs, in the same way in every trial. It
counts if it yields what was returned in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np

from symcnn.classroom.checks.judging.comparison import reproduces
from symcnn.classroom.checks.judging.guess import Guess, Make
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.other_settings import of_settings
from symcnn.classroom.checks.judging.rearranged import of_inputs, of_output
from symcnn.classroom.checks.judging.rounded import Array, Rounded
from symcnn.classroom.checks.judging.trial import Trial


def guessed(name: str, heard: Sequence[Heard], first: int) -> Guess | None:
    """Return what happened to an array in all trials; None if nothing that is tried did."""
    factor = _factor(name, heard, first)
    if factor is not None:
        return factor
    start = heard[first]
    tried = (*of_settings(start.trial), *of_output(start.trial, name), *of_inputs(start.trial))
    for guess in tried:
        if guess.is_seen(start, name) and all(guess.yields(one, name) for one in heard):
            return guess
    return None


def _factor(name: str, heard: Sequence[Heard], first: int) -> Guess | None:
    """Find one factor for all entries, and what number it is in every trial."""
    fitted = [_ratio(one.returned, one.trial.due(name)) for one in heard]
    kept = [(one, k) for one, k in zip(heard, fitted, strict=True) if k is not None]
    if len(kept) < len(heard) or all(abs(k - 1) < 1e-9 for _, k in kept):
        return None
    for words, number in _numbers(heard[first].trial, name):
        guess = Guess(
            f"factor {words}", f"Every entry is {words} times what is due.", _times(number)
        )
        if guess.is_seen(heard[first], name) and all(guess.yields(o, name) for o in heard):
            return guess
    ratio = dict(kept)[heard[first]]
    simple = Fraction(ratio).limit_denominator(1000)
    words = f"about {ratio:.9g}" if abs(float(simple) - ratio) > 1e-7 else f"{simple}"
    constant = all(abs(k - ratio) <= 1e-6 * abs(ratio) for _, k in kept)
    if not constant:
        words = f"about {ratio:.6g}, and another number at other sizes"
    said = f"Every entry is multiplied by one factor too many: {words}."
    return Guess(f"factor {words}", said, lambda trial, name: None)


def _ratio(returned: Array, due: Rounded) -> float | None:
    """Return the factor between two arrays by regression, if there is one that fits."""
    norm = float(np.sum(due.value**2))
    if norm == 0 or not np.isfinite(returned).all():
        return None
    ratio = float(np.sum(due.value * returned) / norm)
    scaled = Rounded(due.value * ratio, due.error * abs(ratio) + abs(ratio) * np.abs(due.value))
    return ratio if ratio and reproduces(scaled, returned) else None


def _times(number: Callable[[Trial, str], float]) -> Make:
    def make(trial: Trial, name: str) -> Rounded:
        due, factor = trial.due(name), number(trial, name)
        return Rounded(due.value * factor, abs(factor) * (due.error + np.abs(due.value)))

    return make


def _numbers(trial: Trial, name: str) -> Iterator[tuple[str, Callable[[Trial, str], float]]]:
    """Run over numbers that can be a factor by mistake, each with its name."""
    counts: list[tuple[str, Callable[[Trial, str], float]]] = [
        ("the number of samples", lambda t, n: t.batch),
        ("the number of positions of the window", _positions),
        ("the number of samples and positions", lambda t, n: t.batch * _positions(t, n)),
        ("the number of entries of the window", _window),
        ("the number of channels", lambda t, n: int(t.subject.network.input_shape[-1])),
        ("the number of entries of a sample", lambda t, n: int(t.inputs["x"][0].size)),
        ("the number of outputs of a sample", _outputs),
    ]
    for words, count in counts:
        yield words, count
        yield f"1 / {words}", _inverse(count)
    for number in (-1, 2, Fraction(1, 2), -2, Fraction(-1, 2), 3, 4, Fraction(1, 4)):
        yield str(number), lambda t, n, value=float(number): value  # type: ignore[misc]


def _inverse(count: Callable[[Trial, str], float]) -> Callable[[Trial, str], float]:
    return lambda trial, name: 1 / max(count(trial, name), 1)


def _positions(trial: Trial, name: str) -> float:
    return float(np.prod([int(w.positions) for w in trial.windows] or [1]))


def _window(trial: Trial, name: str) -> float:
    return float(np.prod([int(w.kernel) for w in trial.windows] or [1]))


def _outputs(trial: Trial, name: str) -> float:
    return float(int(trial.subject.network.output.size) // trial.batch)
