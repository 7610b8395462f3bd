"""Samples that no step sees: their loss, how many are classified right, and early stopping.

A training ends when their loss falls no more: L. Prechelt, "Early stopping, but when?", 1998.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import NamedTuple

import numpy as np

from symcnn.derivation import derive
from symcnn.equations.values import Array
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.network.network import Network
from symcnn.problems.training.feed import Feed, wrapped
from symcnn.problems.training.result import Accuracy
from symcnn.problems.training.samples import Samples
from symcnn.problems.training.state import State
from symcnn.programs.finite import beyond_floats
from symcnn.programs.program import Program
from symcnn.programs.ranges import AFTER_A_STEP, TRAINING, check_step, range_of


class Validated(NamedTuple):
    """What samples held out give.

    Attributes:
        loss: Their loss: the mean over batches of as many samples as a step takes.
        accuracy: How many are classified right, if they have classes.
    """

    loss: float
    accuracy: Accuracy | None


def validated(
    program: Program, feed: Feed, weights: Mapping[str, Array], test: Samples
) -> Validated:
    """Compute the samples held out, a batch after the other; the last one is filled up.

    Batch normalisation takes the mean of such a batch, as it does in training.
    """
    outputs, total, size = list[Array](), 0.0, feed.network.batch
    assert size is not None
    for start, chosen in enumerate(wrapped(len(test), size)):
        loss, output = _batch(program, feed, weights, test, chosen)
        outputs.append(np.argmax(output, axis=1) if test.labels is not None else output[:0])
        rest = len(test) - start * size
        if rest >= size:
            total += size * loss
        else:
            total += rest * _of_few(program, feed, weights, test, chosen[:rest])
    accuracy = None
    if test.labels is not None:
        right = np.concatenate(outputs)[: len(test)] == test.labels
        accuracy = Accuracy(int(right.sum()), len(test))
    return Validated(total / len(test), accuracy)


def _of_few(
    program: Program, feed: Feed, weights: Mapping[str, Array], test: Samples, chosen: Array
) -> float:
    """Return the loss of fewer samples than a batch has.

    With n of b samples, let A be the loss of a batch of them and of b - n times the last one, and
    B that of b times the last one. Both have what does not depend on samples, such as weight decay,
    once, and the loss is (b A - (b - n) B) / n.
    """
    size = feed.network.batch
    assert size is not None
    last, count = chosen[-1:], len(chosen)
    filled = np.concatenate([chosen, last.repeat(size - count)])
    one, other = (
        _batch(program, feed, weights, test, batch)[0] for batch in (filled, last.repeat(size))
    )
    return (size * one - (size - count) * other) / count


def _batch(
    program: Program, feed: Feed, weights: Mapping[str, Array], test: Samples, chosen: Array
) -> tuple[float, Array]:
    """Return loss and output of some samples."""
    outputs: dict[str, Array] = {}
    values = {**feed.fixed, **test.take(chosen).given, **weights}
    try:
        loss, _ = computed(program, values, outputs)
    except NotFiniteError:
        loss = float("nan")
    if not isfinite(loss):
        error = stopped(feed.network, values, 0, program.dtype)
        raise error.at("of the samples held out")
    return loss, outputs[feed.network.output.name]


@dataclass(frozen=True)
class EarlyStopping:
    """What ends a training early.

    Attributes:
        patience: How many times in a row the loss may fail to be less than the least so far.
        every: The number of steps after which it is computed.
        loss: Computes it.
    """

    patience: int
    every: int
    loss: Callable[[State], float]

    def watched(self, state: State) -> State:
        """Return the state with the loss there, where it is time for it."""
        seen = state.validations
        if state.steps % self.every or (seen and seen[-1][0] == state.steps):
            return state
        least = min((loss for _, loss in seen), default=float("inf"))
        now = replace(state, validations=(*seen, (state.steps, self.loss(state))))
        if now.validations[-1][1] < least:
            return replace(now, best=None)
        return now

    def is_over(self, state: State) -> bool:
        """Tell whether the loss has failed to fall too many times."""
        losses = [loss for _, loss in state.validations]
        return len(losses) - 1 - losses.index(min(losses)) >= self.patience if losses else False


def stopped(network: Network, values: Mapping[str, Array], step: int, kind: str) -> SymcnnError:
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


def computed(
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
