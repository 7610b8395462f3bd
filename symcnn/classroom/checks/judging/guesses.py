"""Guesses at what happened to a whole array: each counts if it yields what was returned.

A setting has another value, or statistics were computed along other axes, over all entries or over
the samples:

mu = x.mean()                    where the mean of each channel is due
y = softmax(x, axis=0)           where the softmax of each sample is
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from sympy import Float

from symcnn.classroom.checks.judging.evaluation import Evaluation
from symcnn.classroom.checks.judging.naming import Heard
from symcnn.classroom.checks.judging.rounded import Array, Rounded, differ, reproduces
from symcnn.classroom.checks.judging.subject import Subject, of_layer, of_loss
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.equations import SUM, Equation, Tensor
from symcnn.errors import SymcnnError
from symcnn.network.meaning import PLACING

Make = Callable[[Trial, str], Rounded | None]


@dataclass(frozen=True, eq=False)
class Guess:
    """Something that may have happened to a whole array.

    Attributes:
        name: What it is called.
        explanation: What was done, in a sentence.
        make: Returns the array that it yields in a trial; None where it makes no sense.
    """

    name: str
    explanation: str
    make: Make

    def made(self, heard: Heard, name: str) -> Rounded | None:
        """Return what it yields where a function was heard."""
        return self.make(heard.trial, name)

    def is_seen(self, heard: Heard, name: str) -> bool:
        """Tell whether it yields what was returned, and not what is due."""
        made, due = self.made(heard, name), heard.trial.due(name)
        if made is None or not reproduces(made, heard.returned):
            return False
        return differ(made, due, heard.returned.dtype)

    def yields(self, heard: Heard, name: str) -> bool:
        """Tell whether it yields what was returned."""
        made = self.made(heard, name)
        return made is not None and reproduces(made, heard.returned)


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


def _log_sum_exp(array: Array) -> Any:
    return np.log(np.sum(np.exp(array)))


_KINDS: Mapping[str, Callable[[Array], Any]] = {
    "mean": np.mean,
    "variance": np.var,
    "normaliser": _log_sum_exp,
}
"""What is computed of all entries of an array, by a layer's own names."""

_SAID = {"normaliser": "sum of exponentials"}

_OVER_ALL = (
    "The {} over all entries of the array, as without an axis. There is one for each place along "
    "the axes that it does not run over."
)
_OVER_SAMPLES = (
    "The sum of exponentials runs over the samples, as with axis=0. Each sample is normalised by "
    "itself."
)


def of_axes(trial: Trial) -> Iterator[Guess]:
    """Run over the guesses for what a layer or a loss normalises by."""
    found = _statistics(trial.subject)
    for chosen in (*combinations(found, 1), *combinations(found, 2)):
        called = " and the ".join(_SAID.get(name, name) for name in chosen)
        said = _OVER_ALL.format(f"{called} {'is' if len(chosen) == 1 else 'are'} taken")
        yield Guess("statistics over all axes", said, partial(_over_all, chosen))
    if "normaliser" in found:
        yield Guess("normalised along the samples", _OVER_SAMPLES, _over_samples)


def _statistics(subject: Subject) -> Mapping[str, tuple[Tensor, Equation]]:
    """Return the statistics that the layer or the loss takes of its input, with their equations."""
    stage, loss = subject.network.stages[-1], subject.network.loss_stage
    own = {**loss.auxiliaries, **stage.auxiliaries}
    found = dict[str, tuple[Tensor, Equation]]()
    for equation in (*stage.equations, *loss.equations):
        for name in _KINDS:
            if name in own and equation.target.base == own[name].base:
                found[name] = own[name], equation
    return found


def _over_all(chosen: tuple[str, ...], trial: Trial, name: str) -> Rounded | None:
    """Return what is due if statistics were those of all entries."""
    found, changes = _statistics(trial.subject), {}
    read = _read(trial.subject)
    for kind in chosen:
        tensor, equation = found[kind]
        of_all = float(_KINDS[kind](trial.evaluation.due(read).value))
        kept = equation.target.free_symbols
        loops = tuple(loop for loop in equation.loops if loop.symbol in kept)
        made = replace(equation, value=Float(of_all, 17), loops=loops, guards=(), reduction=SUM)
        changes[tensor.base] = (made,)
    return trial.evaluation.otherwise(trial.subject.tensor(name), changes)


def _read(subject: Subject) -> Tensor:
    """Return what is normalised: the input of the layer, or what the loss reads."""
    stage = subject.network.stages[-1]
    return stage.input if {*stage.auxiliaries} & {*_KINDS} else stage.output


def _over_samples(trial: Trial, name: str) -> Rounded | None:
    """Return what is due if samples and the last axis were exchanged, and back."""
    subject = trial.subject
    given = [t for t in subject.network.given if t.shape == subject.network.input.shape]
    if len(given) < len(subject.network.given) or len(subject.network.input.shape) != 2:
        return None
    samples, length = map(int, subject.network.input.shape)
    turned = {n: np.ascontiguousarray(_as(a, samples, length).T) for n, a in trial.numbers.items()}
    other = _of(subject, (samples,), length)
    if other is None:
        return None
    made = Evaluation(other.stages, turned).due(other.tensor(name))
    if made.value.shape != (length, samples):
        return None
    scale = length / samples if subject.kind == "gradients" else 1.0
    return Rounded(made.value.T * scale, made.error.T * scale)


def _as(array: Array, *shape: int) -> Array:
    return np.asarray(array).reshape(shape)


def _of(subject: Subject, shape: tuple[int, ...], batch: int) -> Subject | None:
    loss = subject.network.loss
    if subject.names.get("prediction"):
        return of_loss(loss, shape, batch, "backward")
    return of_layer(subject.layer, shape, batch, subject.kind)
