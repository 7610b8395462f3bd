"""Mini-batches: every sample once in an order that is drawn, then in another order.

What is left over at the end of an order, fewer samples than a batch, is not used in that
turn: every step then computes with as many samples, by one program. The next order begins
with others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symcnn.values.evaluation import Array


def shuffled(samples: int, batch: int, random: np.random.Generator) -> Iterator[Array]:
    """Run over the numbers of the samples of one batch after the other, without end."""
    while True:
        order = random.permutation(samples)
        for start in range(0, samples - batch + 1, batch):
            yield order[start : start + batch]


def wrapped(samples: int, batch: int) -> Iterator[Array]:
    """Run over all samples once, in order; a last batch is filled up from the beginning."""
    batches = -(-samples // batch)
    yield from np.resize(np.arange(samples), (batches, batch))


def split(samples: int, share: float, random: np.random.Generator) -> tuple[Array, Array]:
    """Draw the share of the samples that is held out; return the others, and these."""
    order = random.permutation(samples)
    held = round(samples * share)
    return np.sort(order[held:]), np.sort(order[:held])
