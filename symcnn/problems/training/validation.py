"""Samples that no step sees: their loss, and how many are classified right."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import NotFiniteError
from symcnn.problems.training.computing import computed, stopped
from symcnn.problems.training.feed import Feed, wrapped
from symcnn.problems.training.result import Accuracy
from symcnn.problems.training.samples import Samples
from symcnn.programs.program import Program


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
