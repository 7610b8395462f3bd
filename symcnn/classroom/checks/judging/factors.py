"""A factor for all entries of an array: found by regression, and said what number it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod

import numpy as np

from symcnn.classroom.checks.judging.guesses import Guess, Make
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.rounded import Array, Rounded, bounds, reproduces, unit
from symcnn.classroom.checks.judging.trial import Trial

_MEAN = ", as if a mean over them had been taken in place of a sum"

Count = Callable[[Trial], float]

_SAME = 1e-9
_DENOMINATOR = 1000


def factor(name: str, heard: Sequence[Heard]) -> Guess | None:
    """Return the guess that all entries are multiplied by one number, if they are.

    Args:
        name: The array.
        heard: What was returned in each trial; in the first one it is wrong.
    """
    telling = [one for one in heard if not _is_zero(one.trial.due(name), one.returned)]
    ratios = [_ratio(one.returned, one.trial.due(name)) for one in telling]
    known = [ratio for ratio in ratios if ratio is not None]
    if len(known) < len(heard[:1]) or len(known) < len(telling):
        return None
    if all(abs(ratio - 1) < _SAME for ratio in known):
        return None
    for words, said, count in _numbers():
        made = Guess(f"factor {words}", f"Every entry is {said}.", _by(count))
        if made.is_seen(heard[0], name) and all(made.yields(one, name) for one in heard):
            return made
    return _other(known)


def _other(ratios: Sequence[float]) -> Guess:
    """Return the guess that it is a number of no known origin."""
    first = ratios[0]
    simple = Fraction(first).limit_denominator(_DENOMINATOR)
    words = f"{simple}" if abs(float(simple) - first) <= _SAME * abs(first) else f"{first:.9g}"
    if any(abs(ratio - first) > _SAME * abs(first) for ratio in ratios):
        words = f"about {first:.6g}, and another number at other sizes"
        said = f"Every entry is multiplied by one factor too many: {words}."
        return Guess("factor", said, lambda trial, name: None)
    said = f"Every entry is multiplied by one factor too many: {words}."
    return Guess(f"factor {words}", said, _by(lambda trial: first))


def _is_zero(due: Rounded, returned: Array) -> bool:
    """Tell whether everything that is due is 0, but for rounding: no factor shows."""
    bound = bounds(due, unit(returned.dtype))
    return bool(np.all(np.abs(due.value) <= bound)) and reproduces(due, returned)


def _ratio(returned: Array, due: Rounded) -> float | None:
    """Return the factor between two arrays by regression, if there is one that fits."""
    norm = float(np.sum(due.value**2))
    if norm == 0 or not np.isfinite(returned).all():
        return None
    ratio = float(np.sum(due.value * returned) / norm)
    return ratio if ratio and reproduces(_scaled(due, ratio), returned) else None


def _scaled(due: Rounded, number: float) -> Rounded:
    return Rounded(due.value * number, abs(number) * (due.error + np.abs(due.value)))


def _by(count: Count) -> Make:
    return lambda trial, name: _scaled(trial.due(name), count(trial))


def _numbers() -> Iterator[tuple[str, str, Count]]:
    """Run over numbers that can be a factor by mistake, each with its name and what it makes."""
    for words, count in _COUNTS:
        root = f"the square root of {words}"
        yield words, f"{words} times what is due", count
        yield f"1 / {words}", f"what is due divided by {words}{_MEAN}", _power(count, -1)
        yield root, f"{root} times what is due", _power(count, 0.5)
        yield f"1 / {root}", f"what is due divided by {root}", _power(count, -0.5)


def _power(count: Count, exponent: float) -> Count:
    return lambda trial: float(max(count(trial), 1)) ** exponent


def _positions(trial: Trial) -> float:
    return prod(int(window.positions) for window in trial.windows)


def _window(trial: Trial) -> float:
    return prod(int(window.kernel) for window in trial.windows)


def _outputs(trial: Trial) -> float:
    return int(trial.subject.network.output.size) / trial.batch


def _input(trial: Trial) -> Array:
    """Return the input, or the first of several."""
    return trial.inputs[trial.subject.read]


_COUNTS: tuple[tuple[str, Count], ...] = (
    ("the number of samples", lambda trial: trial.batch),
    ("the number of positions of the window", _positions),
    ("the number of samples and positions", lambda trial: trial.batch * _positions(trial)),
    ("the number of entries of the window", _window),
    ("the number of channels", lambda trial: _input(trial).shape[-1]),
    ("the number of entries of a sample", lambda trial: _input(trial)[0].size),
    ("the number of outputs of a sample", _outputs),
)
