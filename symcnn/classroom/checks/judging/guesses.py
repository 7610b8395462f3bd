"""What else may have happened to a whole array: a factor, exchanged axes, another sample's numbers.

Each guess makes another array of what is due, or of the inputs, in the same way in every trial. It
counts if it yields what was returned in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import permutations

import numpy as np

from symcnn.classroom.checks.judging.comparison import reproduces
from symcnn.classroom.checks.judging.evaluation import Evaluation
from symcnn.classroom.checks.judging.guess import Guess, Make
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.other_settings import of_settings
from symcnn.classroom.checks.judging.rounded import Array, Rounded
from symcnn.classroom.checks.judging.trial import Trial

_MOST_AXES = 4


def guessed(name: str, heard: Sequence[Heard], first: int) -> Guess | None:
    """Return what happened to an array in all trials; None if nothing that is tried did."""
    factor = _factor(name, heard, first)
    if factor is not None:
        return factor
    start = heard[first]
    tried = (*of_settings(start.trial), *_of_output(start, name), *_of_inputs(start.trial))
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


def _of_output(heard: Heard, name: str) -> Iterator[Guess]:
    """Run over what may have happened to the result."""
    axes = heard.returned.ndim
    for axis in range(axes):
        yield Guess(
            f"axis {axis} reversed",
            f"The array is in reverse order along axis {axis}.",
            lambda t, n, a=axis: _moved(t.due(n), lambda v, a=a: np.flip(v, a)),  # type: ignore[misc]
        )
    if axes > 2:
        yield Guess(
            "rotated by 180 degrees",
            "The array is in reverse order along both axes of the image or kernel.",
            lambda t, n: _moved(t.due(n), _turned),
        )
    if axes <= _MOST_AXES:
        for order in permutations(range(axes)):
            if order != tuple(range(axes)):
                yield _exchanged(order)
                yield _misread(order)
    yield from _of_samples("the result", lambda t, n, k: _moved(t.due(n), k))


def _turned(values: Array) -> Array:
    """Reverse the axes of the image: of a kernel, the first two, of samples, the two behind."""
    return np.flip(values, (0, 1) if values.ndim == 4 and values.shape[0] < 4 else (1, 2))


def _exchanged(order: tuple[int, ...]) -> Guess:
    axes = ", ".join(map(str, order))
    return Guess(
        "axes exchanged",
        f"The axes of the array are in another order: ({axes}).",
        lambda t, n: _moved(t.due(n), lambda v: np.transpose(v, order)),
    )


def _misread(order: tuple[int, ...]) -> Guess:
    """Read the memory of an array in another order of its axes."""
    axes = ", ".join(map(str, order))
    return Guess(
        "layout confused",
        "The numbers are those that are due, but the array was reshaped where its axes had to be "
        f"exchanged: it holds them in the order ({axes}).",
        lambda t, n: _moved(t.due(n), lambda v: np.transpose(v, order).reshape(v.shape)),
    )


def _of_samples(what: str, make: Callable[[Trial, str, Callable[[Array], Array]], Rounded]) -> (
    Iterator[Guess]
):
    changes: tuple[tuple[str, Callable[[Array], Array]], ...] = (
        ("those of the next one", lambda v: np.roll(v, -1, axis=0)),
        ("those of the one before", lambda v: np.roll(v, 1, axis=0)),
        ("in reverse order", lambda v: v[::-1]),
        ("all those of the first one", lambda v: np.broadcast_to(v[:1], v.shape)),
        ("all those of the last one", lambda v: np.broadcast_to(v[-1:], v.shape)),
    )
    for words, change in changes:
        yield Guess(
            "another sample",
            f"Along the first axis of {what}, the entries are {words}.",
            lambda t, n, c=change: make(t, n, c),  # type: ignore[misc]
        )


def _moved(values: Rounded, change: Callable[[Array], Array]) -> Rounded:
    return Rounded(np.asarray(change(values.value)), np.asarray(change(values.error)))


def _of_inputs(trial: Trial) -> Iterator[Guess]:
    """Run over what may have happened to an array that was given."""
    for given in trial.subject.given:
        if trial.subject.names[given] not in trial.numbers:
            continue
        axes = trial.inputs[given].ndim
        yield from (_with_input(given, *change) for change in _changes(axes))
        yield from _of_samples(given, lambda t, n, c, g=given: _with(t, n, g, c))  # type: ignore[misc]


def _changes(axes: int) -> Iterator[tuple[str, str, Callable[[Array], Array]]]:
    for axis in range(axes):
        yield (
            f"axis {axis} of {{}} reversed",
            f"{{}} was read in reverse order along axis {axis}.",
            lambda v, a=axis: np.flip(v, a),  # type: ignore[misc]
        )
    for order in permutations(range(axes)) if 1 < axes <= _MOST_AXES else ():
        if order != tuple(range(axes)):
            numbers = ", ".join(map(str, order))
            yield (
                "layout of {} confused",
                "{} was reshaped where its axes had to be exchanged, or read in another layout: "
                f"its axes in the order ({numbers}).",
                lambda v, o=order: np.transpose(v, o).reshape(v.shape),  # type: ignore[misc]
            )


def _with_input(
    given: str, name: str, explanation: str, change: Callable[[Array], Array]
) -> Guess:
    return Guess(
        name.format(given),
        explanation.format(given),
        lambda trial, wanted: _with(trial, wanted, given, change),
    )


def _with(
    trial: Trial, wanted: str, given: str, change: Callable[[Array], Array]
) -> Rounded | None:
    """Return what is due if an array that is given was another."""
    tensor = trial.subject.names[given]
    changed = {**trial.numbers, tensor: np.asarray(change(trial.numbers[tensor]))}
    return Evaluation(trial.subject.stages, changed).due(trial.subject.tensor(wanted))
