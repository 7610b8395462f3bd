"""Guesses that an array was rearranged: reversed, its axes exchanged, another sample's taken.

What was rearranged is the result, or an array that the function was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import combinations, permutations

import numpy as np

from symcnn.classroom.checks.judging.evaluation import Evaluation
from symcnn.classroom.checks.judging.guesses import Guess
from symcnn.classroom.checks.judging.presentation import Layouts, axes_of_tensor
from symcnn.classroom.checks.judging.rounded import Array, Rounded
from symcnn.classroom.checks.judging.trial import Trial

_MOST_AXES = 4

Change = Callable[[Array], Array]


def of_output(trial: Trial, name: str, layouts: Layouts) -> Iterator[Guess]:
    """Run over what may have happened to the result, in the layout of the function."""
    for called, said, whole in _WHOLE:
        yield Guess(called, said, partial(_made_whole, whole))
    axes = axes_of_tensor(trial.subject, name, trial.due(name).value.ndim)
    own = layouts.order(trial.subject, name)
    for called, said, change in _changes(axes, "The array", own):
        yield Guess(called.format("the result"), said, partial(_changed_output, change))


def _made_whole(whole: Change, trial: Trial, name: str) -> Rounded:
    return Rounded.exactly(whole(trial.due(name).value))


_WHOLE: tuple[tuple[str, str, Change], ...] = (
    (
        "cut to whole numbers",
        "What is behind the decimal point was cut off, as in an array of integers.",
        np.trunc,
    ),
    ("rounded down", "Every entry was rounded down to a whole number, as by //.", np.floor),
    ("rounded to whole numbers", "Every entry was rounded to a whole number.", np.rint),
)


def of_inputs(trial: Trial, layouts: Layouts) -> Iterator[Guess]:
    """Run over what may have happened to an array that was given, in the layout it was given in."""
    yield from _of_two_inputs(trial)
    for given in trial.subject.given:
        if trial.subject.names[given] in trial.numbers:
            axes = axes_of_tensor(trial.subject, given, trial.inputs[given].ndim)
            own = layouts.order(trial.subject, given)
            for called, said, change in _changes(axes, given, own):
                yield Guess(called.format(given), said, partial(_changed_input, given, change))


def _of_two_inputs(trial: Trial) -> Iterator[Guess]:
    """Run over guesses that an array was taken for another, or two were exchanged."""
    known = [name for name in trial.subject.given if trial.subject.names[name] in trial.numbers]
    for one, other in combinations(known, 2):
        yield Guess(
            f"{one} and {other} exchanged",
            f"This is what follows if {one} and {other} are exchanged.",
            partial(_with_others, {one: other, other: one}),
        )
    for right, taken in permutations(known, 2):
        yield Guess(
            f"{taken} in place of {right}",
            f"This is what follows if {taken} is used wherever {right} is due.",
            partial(_with_others, {right: taken}),
        )


def _with_others(taken: Mapping[str, str], trial: Trial, wanted: str) -> Rounded | None:
    """Return what is due if some arrays that are given were others, broadcast as in NumPy."""
    names, changed = trial.subject.names, dict(trial.numbers)
    for right, other in taken.items():
        array = trial.numbers[names[other]]
        try:
            changed[names[right]] = np.broadcast_to(array, trial.numbers[names[right]].shape)
        except ValueError:
            return None
    return Evaluation(trial.subject.stages, changed).due(trial.subject.tensor(wanted))


def _changed_output(change: Change, trial: Trial, name: str) -> Rounded:
    due = trial.due(name)
    return Rounded(np.asarray(change(due.value)), np.asarray(change(due.error)))


def _changed_input(given: str, change: Change, trial: Trial, wanted: str) -> Rounded | None:
    """Return what is due if an array that is given was another."""
    tensor = trial.subject.names[given]
    moved = np.asarray(change(trial.numbers[tensor]))
    if moved.shape != trial.numbers[tensor].shape:
        return None
    return _with_other(trial, tensor, np.asarray(moved, dtype=float).tobytes())[wanted]


@lru_cache(maxsize=256)
def _with_other(trial: Trial, changed: str, numbers: bytes) -> dict[str, Rounded]:
    """Return all that is due with other numbers for a tensor: each array asks for the same."""
    moved = np.frombuffer(numbers).reshape(trial.numbers[changed].shape)
    made = Evaluation(trial.subject.stages, {**trial.numbers, changed: moved})
    return {name: made.due(trial.subject.tensor(name)) for name in trial.subject.due}


def _changes(
    axes: Sequence[str], what: str, own: tuple[int, ...]
) -> Iterator[tuple[str, str, Change]]:
    """Run over changes of an array, each with its name and a sentence."""
    for number, axis in enumerate(axes):
        yield (
            f"{axis}s of {{}} in reverse order",
            f"{what} has its {axis}s in reverse order.",
            partial(np.flip, axis=number),
        )
    image = tuple(n for n, axis in enumerate(axes) if axis.endswith(("row", "column")))
    if len(image) > 1:
        said = f"{what} is rotated by 180 degrees: both axes of the image are reversed."
        yield "{} rotated by 180 degrees", said, partial(np.flip, axis=image)
    for order in permutations(range(len(axes))) if 1 < len(axes) <= _MOST_AXES else ():
        words = ", ".join(axes[n] for n in order)
        if order != tuple(range(len(axes))):
            yield (
                "axes of {} exchanged",
                f"{what} has its axes in the order {words}.",
                partial(np.transpose, axes=order),
            )
        if order != own:
            yield (
                "layout of {} confused",
                f"{what} was reshaped where its axes had to be exchanged: it holds the numbers in "
                f"the order {words}.",
                partial(_misread, order, own),
            )
    if axes and axes[0] == "sample":
        yield from _of_samples(what)


def _misread(order: tuple[int, ...], own: tuple[int, ...], array: Array) -> Array:
    """Read numbers that follow each other in one order of the axes as if it was the function's."""
    lengths = [array.shape[axis] for axis in own]
    return np.transpose(array, order).reshape(lengths).transpose(np.argsort(own))


def _of_samples(what: str) -> Iterator[tuple[str, str, Change]]:
    changes: tuple[tuple[str, Change], ...] = (
        ("the numbers of the next one", partial(np.roll, shift=-1, axis=0)),
        ("the numbers of the one before", partial(np.roll, shift=1, axis=0)),
        ("the numbers of the first one", lambda a: np.broadcast_to(a[:1], a.shape)),
        ("the numbers of the last one", lambda a: np.broadcast_to(a[-1:], a.shape)),
    )
    for words, change in changes:
        yield "another sample", f"{what} has {words} in place of each sample's own.", change
