"""Gradient descent.

A step moves every parameter against its derivative, all at once, from where the step
before led:

    w  <-  w - rate * dL/dw

L is the loss of the problem's own numbers, or of a batch of samples drawn for the step
(stochastic gradient descent: Robbins and Monro, "A stochastic approximation method",
1951).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr

from symcnn.derivation import derive
from symcnn.equations.sizes import positive_integer
from symcnn.equations.values import Array, after_step, float_arrays, known, positive_rate
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.network.network import Network
from symcnn.problems import Problem, check_problem
from symcnn.problems.training.feed import Feed, full_batch, mini_batches, wrapped
from symcnn.problems.training.result import Accuracy, Progress, Training
from symcnn.problems.training.samples import Samples
from symcnn.programs.finite import beyond_floats
from symcnn.programs.lambdify import lambdify
from symcnn.programs.program import Program
from symcnn.programs.ranges import AFTER_A_STEP, TRAINING, check_step, range_of

Callback = Callable[[int, float], None]
"""Takes the number of steps taken and the loss there."""


def train(
    problem: Problem,
    steps: int = 100,
    rate: Any = None,
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    batch: int | None = None,
    held_out: float = 0.0,
    seed: int = 0,
    frozen: Sequence[str] = (),
    dtype: npt.DTypeLike = "float64",
    threads: int = 1,
    backend: str = "auto",
    callback: Callback | None = None,
    checkpoint: Callable[[Training], None] | None = None,
    checkpoint_steps: int = 100,
) -> Training:
    """Train a network by gradient descent with its derived gradients.

    Args:
        problem: The network and its initial weights; without data, also the input and the
            target.
        steps: The number of steps.
        rate: The learning rate; by default that of the problem.
        data: Samples, as arrays by name or as an .npz file: ``x``, and ``target`` or the
            classes ``y``; to measure the accuracy, ``x_test`` and ``y_test``.
        batch: The number of samples per step; by default the batch of the problem, or 64.
        held_out: The share of samples that measure the accuracy and are not used for
            training; the seed selects them.
        seed: The seed that determines the order of the samples.
        frozen: The names of parameters that are kept fixed.
        dtype: The type of the numbers, float64 or float32.
        threads: How many threads divide the samples of a step; see ``lambdify``.
        backend: What computes; see ``lambdify``. "native" compiles, with the C compiler ``cc``.
        callback: Called with the number of steps taken and the loss, starting at 0 steps.
        checkpoint: Called at intervals with the training reached so far.
        checkpoint_steps: The number of steps between two such calls.

    Raises:
        Interrupted: A ``KeyboardInterrupt`` whose ``training`` is the training reached so far.
        SymcnnError: If an argument or an array is invalid, or the loss exceeds the range
            of floating point.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> train(cnn_by_hand(), steps=2)
    <Training: loss 0.0304312 -> 0.0279501, 2 steps>
    """
    check_problem(problem)
    chosen, kind = _rate(problem, rate), np.dtype(dtype).name
    moving = _moving(problem.network, frozen)
    positive_integer(steps, "steps")
    positive_integer(checkpoint_steps, "checkpoint_steps")
    if data is None:
        _only_with_data(batch, held_out)
        feed = full_batch(problem, kind)
    else:
        feed = mini_batches(problem, data, batch, held_out, seed, kind)
    derivation = derive(feed.network)
    program = lambdify(derivation, backend, dtype=kind, results="training", threads=threads)
    weights = float_arrays(problem.values, problem.network.parameters, kind)
    start = Training(problem, feed.network, chosen, weights, tuple(frozen), (), feed.samples)
    with Progress(start) as made, np.errstate(all="ignore"):  # out of range is an error here
        descent = _descended(program, feed, weights, moving, float(chosen))
        for loss in _observed(descent, steps, callback):
            made.step(loss, weights)
            if checkpoint is not None and made.steps and made.steps % checkpoint_steps == 0:
                checkpoint(made.training)
        accuracy = None if feed.test is None else _accuracy(program, feed, weights, feed.test)
    return replace(made.training, accuracy=accuracy)


def _descended(
    program: Program, feed: Feed, weights: dict[str, Array], moving: Sequence[str], rate: float
) -> Iterator[float]:
    """Return the loss at the weights, then take a step, again and again."""
    for step, batch in enumerate(feed.batches):
        values = {**feed.fixed, **batch, **weights}
        try:
            loss, gradients = _computed(program, values)
        except NotFiniteError:
            loss = float("nan")
        if not isfinite(loss):
            raise _stopped(feed.network, values, step, program.dtype)
        yield loss
        weights.update(after_step(weights, {name: gradients[name] for name in moving}, rate))


def _observed(descent: Iterator[float], steps: int, callback: Callback | None) -> Iterator[float]:
    """Return the losses of so many steps, each after the callback has had it."""
    for step in range(steps + 1):
        loss = next(descent)
        if callback is not None:
            callback(step, loss)
        yield loss


def _stopped(network: Network, values: Mapping[str, Array], step: int, kind: str) -> SymcnnError:
    """Say what has no finite value: after a step, because it was too long."""
    try:
        check_step({tensor.name: values[tensor.name] for tensor in network.parameters})
        remedies = AFTER_A_STEP if step else TRAINING
        found = beyond_floats(derive(network), values, None, remedies, kind)
        made = found or _beyond(kind, remedies.smaller)
    except NotFiniteError as error:
        made = error
    return made.at(f"after {step:,} step{'s' * (step > 1)}") if step else made


def _beyond(kind: str, remedy: str) -> NotFiniteError:
    """Say so of a number that is not known."""
    wider = "" if kind == "float64" else ", or float64"
    return NotFiniteError(f"a number exceeds {range_of(kind)}: {remedy}{wider}")


def _computed(
    program: Program, values: Mapping[str, Array], outputs: dict[str, Array] | None = None
) -> tuple[float, Mapping[str, Array]]:
    """Return the loss and the gradients.

    Raises:
        NotFiniteError: If a number on the way is beyond floats, and no result shows it.
    """
    arguments = [values[tensor.name] for tensor in program.given]
    try:
        with np.errstate(over="raise"):
            loss, gradients = program.function(*arguments, outputs=outputs)
    except ArithmeticError:
        made = program(values)  # which looks for harm
        loss, gradients = made.loss, made.gradients
        if outputs is not None:
            outputs |= made.outputs
    return float(loss), gradients


def _accuracy(
    program: Program, feed: Feed, weights: Mapping[str, Array], test: Samples
) -> Accuracy | None:
    """Count the samples whose largest output is at their class, a batch after the other.

    Batch normalisation takes the mean of such a batch, as it does in training.
    """
    assert feed.network.batch is not None
    if test.labels is None:
        return None
    found: list[Array] = []
    for chosen in wrapped(len(test), feed.network.batch):
        outputs: dict[str, Array] = {}
        values = {**feed.fixed, **test.take(chosen).given, **weights}
        try:
            _computed(program, values, outputs)
        except NotFiniteError:
            error = _stopped(feed.network, values, 0, program.dtype)
            raise error.at("of the samples held out") from None
        found.append(np.argmax(outputs[feed.network.output.name], axis=1))
    right = np.concatenate(found)[: len(test)] == test.labels
    return Accuracy(int(right.sum()), len(test))


def _rate(problem: Problem, rate: Any) -> Expr:
    chosen = problem.learning_rate if rate is None else rate
    if chosen is None:
        raise SymcnnError(
            "there is no learning rate: give one, or set learning_rate under [training] in the "
            "problem"
        )
    return positive_rate(chosen)


def _moving(network: Network, frozen: Sequence[str]) -> list[str]:
    names = [tensor.name for tensor in network.parameters]
    for name in frozen:
        if name not in names:
            raise SymcnnError(f"there is no parameter {name!r} to freeze: {known(name, names)}")
    moving = [name for name in names if name not in frozen]
    if not moving:
        raise SymcnnError("there is nothing to train: every parameter is frozen, or there is none")
    return moving


def _only_with_data(batch: int | None, held_out: float) -> None:
    for name, given in (("batch", batch), ("held_out", held_out)):
        if given:
            raise SymcnnError(f"{name} = {given} applies only to data: give data, or omit it")
