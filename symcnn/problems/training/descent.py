"""Gradient descent.

A step moves every parameter against its derivative, all at once, from where the step
before led:

    w  <-  w - rate * dL/dw

or as another optimizer has it. L is the loss of the problem's own numbers, or of a batch of
samples drawn for the step (stochastic gradient descent: Robbins and Monro, "A stochastic
approximation method", 1951).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr

from symcnn.derivation import derive
from symcnn.equations.sizes import positive_integer
from symcnn.equations.values import Array, float_arrays, positive_rate
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.network.network import Network
from symcnn.network.optimizers import Optimizer, Steps, optimizer_of
from symcnn.problems import Problem, check_problem
from symcnn.problems.training.feed import Feed, full_batch, mini_batches
from symcnn.problems.training.result import Progress, Training
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
    optimizer: Optimizer | str | None = None,
    batch: int | None = None,
    seed: int = 0,
    dtype: npt.DTypeLike = "float64",
    backend: str = "auto",
    callback: Callback | None = None,
) -> Training:
    """Train a network by gradient descent with its derived gradients.

    Args:
        problem: The network and its initial weights; without data, also the input and the
            target.
        steps: The number of steps.
        rate: The learning rate; by default that of the problem.
        data: Samples, as arrays by name or as an .npz file: ``x``, and ``target`` or the
            classes ``y``.
        optimizer: What takes the steps: ``Adam(beta1=0.8)``, or a name such as "adam"; by default
            that of the problem, which is plain gradient descent unless it states another.
        batch: The number of samples per step; by default the batch of the problem, or 64.
        seed: The seed that determines the order of the samples.
        dtype: The type of the numbers, float64 or float32.
        backend: What computes; see ``lambdify``. "native" compiles, with the C compiler ``cc``.
        callback: Called with the number of steps taken and the loss, starting at 0 steps.

    Raises:
        Interrupted: A ``KeyboardInterrupt`` whose ``training`` is the training reached so far.
        SymcnnError: If an argument or an array is invalid, or the loss exceeds the range of
            floating point.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> train(cnn_by_hand(), steps=2)
    <Training: loss 0.0304312 -> 0.0279501, 2 steps>
    """
    check_problem(problem)
    chosen, kind = _rate(problem, rate), np.dtype(dtype).name
    positive_integer(steps, "steps")
    if not problem.network.parameters:
        raise SymcnnError("there is nothing to train: the network has no parameter")
    moving = problem.optimizer if optimizer is None else optimizer_of(optimizer)
    if data is not None:
        feed = mini_batches(problem, data, batch, seed, kind)
    elif batch:
        raise SymcnnError(f"batch = {batch} applies only to data: give data, or omit it")
    else:
        feed = full_batch(problem, kind)
    weights = float_arrays(problem.values, problem.network.parameters, kind)
    program = lambdify(derive(feed.network), backend, dtype=kind, results="training")
    begun = Training(problem, feed.network, chosen, weights, (), feed.samples, moving)
    with Progress(begun) as made, np.errstate(all="ignore"):  # out of range is an error here
        for loss, reached in _descended(program, feed, weights, Steps(moving), float(chosen)):
            if callback is not None:
                callback(made.steps + 1, loss)
            made.step(loss, reached)
            if made.steps >= steps:
                break
    return made.training


def _descended(
    program: Program, feed: Feed, weights: Mapping[str, Array], steps: Steps, rate: float
) -> Iterator[tuple[float, Mapping[str, Array]]]:
    """Return the loss at the weights and these, then take a step, again and again."""
    for taken, given in enumerate(feed.batches):
        values = {**feed.fixed, **given, **weights}
        try:
            loss, gradients = _computed(program, values)
        except NotFiniteError:
            loss = float("nan")
        if not isfinite(loss):
            raise _stopped(feed.network, values, taken, program.dtype)
        yield loss, weights
        weights = {**weights, **steps.take(weights, gradients, rate)}


def _rate(problem: Problem, rate: Any) -> Expr:
    chosen = problem.learning_rate if rate is None else rate
    if chosen is None:
        raise SymcnnError(
            "there is no learning rate: give one, or set learning_rate under [training] in the "
            "problem"
        )
    return positive_rate(chosen)


def _computed(program: Program, values: Mapping[str, Array]) -> tuple[float, Mapping[str, Array]]:
    """Return the loss and the gradients; NotFiniteError where a number on the way is not finite."""
    arguments = [values[tensor.name] for tensor in program.given]
    try:
        with np.errstate(over="raise"):
            loss, gradients = program.function(*arguments)
    except ArithmeticError:
        made = program(values)  # which looks for harm
        loss, gradients = made.loss, made.gradients
    return float(loss), gradients


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
    wider = "" if kind == "float64" else ", or float64"
    return NotFiniteError(f"a number exceeds {range_of(kind)}: {remedy}{wider}")
