"""Gradient descent.

A step moves every parameter against its derivative, all at once, from where the step
before led:

    w  <-  w - rate * dL/dw

or as another optimizer has it. L is the loss of the problem's own numbers, or of a batch of
samples drawn for the step (stochastic gradient descent: Robbins and Monro, "A stochastic
approximation method", 1951).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr

from symcnn.derivation import derive
from symcnn.equations.sizes import positive_integer
from symcnn.equations.values import float_arrays, known, positive_rate
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.network.network import Network
from symcnn.network.optimizers import Optimizer
from symcnn.network.optimizers.kinds import optimizer_of
from symcnn.network.optimizers.steps import Steps
from symcnn.problems import Problem, check_problem
from symcnn.problems.training.checkpoints import Checkpoint, check_same, read
from symcnn.problems.training.feed import Feed, full_batch, mini_batches
from symcnn.problems.training.result import Progress, Training
from symcnn.problems.training.schedules import Clipping, Schedule, schedule_of
from symcnn.problems.training.state import State
from symcnn.problems.training.validation import EarlyStopping, computed, stopped, validated
from symcnn.programs.lambdify import lambdify
from symcnn.programs.program import Program

Callback = Callable[[int, float], None]
"""Takes the number of steps taken and the loss there."""


def train(
    problem: Problem,
    steps: int = 100,
    rate: Any = None,
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    optimizer: Optimizer | str | None = None,
    schedule: Schedule | str = "constant",
    clip_norm: float | None = None,
    clip_value: float | None = None,
    batch: int | None = None,
    held_out: float = 0.0,
    patience: int | None = None,
    seed: int = 0,
    frozen: Sequence[str] = (),
    dtype: npt.DTypeLike = "float64",
    threads: int = 1,
    backend: str = "auto",
    callback: Callback | None = None,
    checkpoint: Callable[[Training], None] | None = None,
    checkpoint_steps: int = 100,
    resume: str | Path | Training | None = None,
) -> Training:
    """Train a network by gradient descent with its derived gradients.

    Args:
        problem: The network and its initial weights; without data, also the input and the
            target.
        steps: The number of steps, those of a training that is resumed included.
        rate: The learning rate; by default that of the problem.
        data: Samples, as arrays by name or as an .npz file: ``x``, and ``target`` or the
            classes ``y``; as a validation set ``x_test``, and ``target_test`` or ``y_test``.
        optimizer: What takes the steps: ``Adam(beta1=0.8)``, or a name such as "adam"; by default
            that of the problem, which is plain gradient descent unless it states another.
        schedule: How the learning rate changes: ``Schedule("step", every=10)``, or "cosine".
        clip_norm: The largest Euclidean norm of all derivatives together.
        clip_value: The largest size of a derivative.
        batch: The number of samples per step; by default the batch of the problem, or 64.
        held_out: The share of samples that are the validation set and are not used for
            training; the seed selects them.
        patience: How many passes over the samples in a row the loss of the validation set may fail
            to reach a new minimum; then the training ends, with the weights of the minimum.
        seed: The seed that determines the order of the samples.
        frozen: The names of parameters that are kept fixed.
        dtype: The type of the numbers, float64 or float32.
        threads: How many threads divide the samples of a step; see ``lambdify``.
        backend: What computes; see ``lambdify``. "native" compiles, with the C compiler ``cc``.
        callback: Called with the number of steps taken and the loss, starting at 0 steps.
        checkpoint: Called at intervals with the training reached so far.
        checkpoint_steps: The number of steps between two such calls.
        resume: A training to go on with, or the file that its ``save_checkpoint`` wrote. What
            follows is, to the last bit, what would have followed without the interruption.

    Raises:
        Interrupted: A ``KeyboardInterrupt`` whose ``training`` is the training reached so far.
        SymcnnError: If an argument or an array is invalid, the training to be resumed was made
            with other settings, or the loss exceeds the range of floating point.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> train(cnn_by_hand(), steps=2)
    <Training: loss 0.0304312 -> 0.0279501, 2 steps>
    """
    check_problem(problem)
    chosen, kind = _rate(problem, rate), np.dtype(dtype).name
    moving = _moving(problem.network, frozen)
    positive_integer(steps, "steps")
    positive_integer(checkpoint_steps, "checkpoint_steps")
    way = _Way(
        problem.optimizer if optimizer is None else optimizer_of(optimizer),
        float(chosen),
        schedule_of(schedule),
        Clipping(clip_norm, clip_value),
        steps,
    )
    if data is None:
        _only_with_data(batch, held_out, patience)
        feed = full_batch(problem, kind)
    else:
        feed = mini_batches(problem, data, batch, held_out, seed, kind)
    settings = {
        **way.settings,
        "frozen": list(frozen),
        "dtype": kind,
        **feed.settings,
        **({} if data is None else {"held_out": held_out, "seed": seed, "patience": patience}),
    }
    weights = float_arrays(problem.values, problem.network.parameters, kind)
    start = Checkpoint(State(0, weights, {}, feed.place), (), settings)
    if resume is not None:
        start = resume.checkpoint if isinstance(resume, Training) else read(resume)
        letters = {letter.name for letter in way.optimizer.memory}
        check_same(start, settings, weights, dict.fromkeys(moving, letters) if letters else {})
        _check_further(start.state.steps, steps)
    derivation = derive(feed.network)
    program = lambdify(derivation, backend, dtype=kind, results="training", threads=threads)
    stopping = None if patience is None else _stopping(program, feed, patience)
    begun = Training(
        problem, feed.network, chosen, weights, tuple(frozen), (), feed.samples, None, way.optimizer
    )
    with Progress(begun, start) as made, np.errstate(all="ignore"):  # out of range is an error here
        descent = _descended(program, feed, start.state, moving, way, stopping)
        for loss, state in _observed(descent, steps, callback):
            made.step(loss, state)
            if checkpoint is not None and made.steps and made.steps % checkpoint_steps == 0:
                checkpoint(made.training)
            if stopping is not None and stopping.is_over(state):
                break
        found = made.training if stopping is None else made.best
        if feed.test is None:
            return found
        last = validated(program, feed, found.weights, feed.test)
    return replace(found, accuracy=last.accuracy, validation=last.loss)


@dataclass(frozen=True)
class _Way:
    """How a step is taken.

    Attributes:
        optimizer: What moves the weights.
        rate: The learning rate.
        schedule: By what it is multiplied.
        clipping: What derivatives are clipped to.
        steps: The number of steps in all.
    """

    optimizer: Optimizer
    rate: float
    schedule: Schedule
    clipping: Clipping
    steps: int

    @property
    def settings(self) -> dict[str, Any]:
        """What a training that is resumed has to agree with."""
        over = {"steps": self.steps} if self.schedule.kind == "cosine" else {}
        clipping = {"clip_norm": self.clipping.norm, "clip_value": self.clipping.value}
        made = {"optimizer": repr(self.optimizer), "rate": self.rate}
        return {**made, "schedule": repr(self.schedule), **over, **clipping}


def _descended(
    program: Program,
    feed: Feed,
    state: State,
    moving: Sequence[str],
    way: _Way,
    stopping: EarlyStopping | None,
) -> Iterator[tuple[float, State]]:
    """Return the loss at the weights and what was reached, then take a step, again and again."""
    steps = Steps(way.optimizer, state.steps, state.memory)
    feed.go_to(state.place)
    while True:
        values = {**feed.fixed, **next(feed.batches), **state.weights}
        try:
            loss, gradients = computed(program, values)
        except NotFiniteError:
            loss = float("nan")
        if not isfinite(loss):
            raise stopped(feed.network, values, state.steps, program.dtype)
        best = None
        if stopping is not None:
            state = stopping.watched(state)
            best = state.best or state
        yield loss, state
        slopes = way.clipping({name: gradients[name] for name in moving})
        rate = way.rate * way.schedule.at(state.steps, way.steps)
        moved = steps.take(state.weights, slopes, rate)
        state = State(
            state.steps + 1,
            {**state.weights, **moved},
            steps.memory,
            feed.place,
            state.validations,
            best,
        )


def _observed(
    descent: Iterator[tuple[float, State]], steps: int, callback: Callback | None
) -> Iterator[tuple[float, State]]:
    """Return what is reached up to so many steps, each after the callback has had the loss."""
    for loss, state in descent:
        if callback is not None:
            callback(state.steps, loss)
        yield loss, state
        if state.steps >= steps:
            return


def _stopping(program: Program, feed: Feed, patience: int) -> EarlyStopping:
    """Return what ends a training early: a look at the validation set after every pass."""
    positive_integer(patience, "patience")
    test, samples, batch = feed.test, feed.samples, feed.network.batch
    if test is None:
        raise SymcnnError(
            f"patience = {patience} needs a validation set: give held_out, or the array x_test"
        )
    assert samples is not None
    assert batch is not None

    def loss(state: State) -> float:
        return validated(program, feed, state.weights, test).loss

    return EarlyStopping(patience, len(samples) // batch, loss)


def _check_further(reached: int, steps: int) -> None:
    if reached >= steps:
        raise SymcnnError(
            f"steps = {steps:,}, but the training to be resumed has taken {reached:,}: give the "
            "number of all steps, those taken included"
        )


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


def _only_with_data(batch: int | None, held_out: float, patience: int | None) -> None:
    for name, given in (("batch", batch), ("held_out", held_out), ("patience", patience)):
        if given:
            raise SymcnnError(f"{name} = {given} applies only to data: give data, or omit it")
