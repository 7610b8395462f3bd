"""What the steps compute with: the problem's own numbers, or batches of samples.

Mini-batches take every sample once in an order that is drawn, then in another order. What
is left over at the end of an order, fewer samples than a batch, is not used in that turn:
every step then computes with as many samples, by one program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from symcnn.equations.sizes import is_whole, positive_integer
from symcnn.equations.values import Array, float_arrays
from symcnn.equations.values.archive import Archive
from symcnn.errors import SymcnnError, expect, located
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.training.samples import Samples, check_headers, checked, names_of, unknown
from symcnn.problems.training.state import Place

USUAL_BATCH = 64


@dataclass(frozen=True)
class Feed:
    """The numbers of input and target, step by step.

    Attributes:
        network: The network for as many samples as a step computes with.
        batches: The numbers by tensor name, for one step after the other.
        fixed: The numbers that are given and neither learned nor a sample's.
        samples: The samples that the batches are drawn from, if there are any.
        test: Samples that no step sees, if there are any.
        order: The order of the samples.
    """

    network: Network
    batches: Iterator[Mapping[str, Array]]
    fixed: Mapping[str, Array] = field(default_factory=dict)
    samples: Samples | None = None
    test: Samples | None = None
    order: Order | None = None

    @property
    def place(self) -> Place | None:
        """Where the next batch is in the order of the samples."""
        return None if self.order is None else self.order.place

    def go_to(self, place: Place | None) -> None:
        """Go to a place in the order of the samples."""
        if self.order is not None and place is not None:
            self.order.go_to(place)

    @property
    def settings(self) -> dict[str, Any]:
        """What a training that is resumed has to agree with."""
        if self.samples is None:
            return {}
        return {"batch": self.network.batch, "samples": len(self.samples)}


def full_batch(problem: Problem, dtype: str) -> Feed:
    """Return the problem's own numbers, the same ones for every step."""
    given = (t for t in problem.network.given if t.role != "parameter")
    return Feed(problem.network, repeat(float_arrays(problem.values, given, dtype)))


def mini_batches(
    problem: Problem,
    data: str | Path | Mapping[str, Any],
    batch: int | None,
    held_out: float,
    seed: int,
    dtype: str,
) -> Feed:
    """Return batches of samples in an order that the seed decides.

    Raises:
        SymcnnError: If the data or a number is not right; an error in a file names it.
    """
    network, random = problem.network, np.random.default_rng(_checked_seed(seed))
    samples, test = _read(data, network, dtype)
    if held_out:
        samples, test = _held_out(samples, test, held_out, random)
    size = _batch(network, len(samples), batch)
    order = Order(len(samples), size, random)
    batches = (samples.take(chosen).given for chosen in order)
    others = {*network.parameters, *network.of_samples}
    fixed = float_arrays(problem.values, [t for t in network.given if t not in others], dtype)
    return Feed(replace(network, batch=size), batches, fixed, samples, test, order)


def _read(
    data: str | Path | Mapping[str, Any], network: Network, dtype: str
) -> tuple[Samples, Samples | None]:
    if isinstance(data, Mapping):
        return checked(data, network, dtype)
    remedy = 'give arrays by name, {"x": x, "y": y}, or the path of an .npz file'
    expect(data, str | PathLike, "data", remedy)
    names = names_of(network)
    with located(data):
        archive = Archive(Path(data))
        archive.check_names(names, lambda name: unknown(name, names))
        check_headers(archive.headers(archive.names), network)
        return checked(archive.arrays(), network, dtype)


def _held_out(
    samples: Samples, test: Samples | None, share: float, random: np.random.Generator
) -> tuple[Samples, Samples]:
    """Return the samples without a share of them, which the generator draws, and that share."""
    if not 0 < share < 1:
        raise SymcnnError(f"the share {share} cannot be held out: give one between 0 and 1")
    if test is not None:
        raise SymcnnError("held_out and x_test are both given: remove one of the two")
    kept, held = split(len(samples), share, random)
    if not (kept.size and held.size):
        raise SymcnnError(
            f"a share of {share} of {len(samples)} samples leaves none to train with, or "
            "none to hold out: choose another share"
        )
    return samples.take(kept), samples.take(held)


def _batch(network: Network, samples: int, batch: int | None) -> int:
    if batch is None:
        return min(network.batch or USUAL_BATCH, samples)
    if positive_integer(batch, "batch") > samples:
        raise SymcnnError(
            f"batch = {batch} is more than the {samples} samples: use a smaller batch"
        )
    return batch


def _checked_seed(seed: Any) -> int:
    if not is_whole(seed, 0):
        raise SymcnnError(f"seed = {seed!r} is invalid: give a non-negative integer")
    return int(seed)


class Order(Iterator[Array]):
    """The numbers of the samples of one batch after the other, without end."""

    def __init__(self, samples: int, batch: int, random: np.random.Generator) -> None:
        """Take the number of samples, that of a batch, and what draws the orders."""
        self._samples, self._batch, self._random = samples, batch, random
        self.go_to(Place(random.bit_generator.state, 0))

    def go_to(self, place: Place) -> None:
        """Go to a place, such as that of an earlier training.

        Raises:
            SymcnnError: If it is no state of the generator.
        """
        try:
            self._random.bit_generator.state = dict(place.generator)
        except (TypeError, ValueError, KeyError, OverflowError):
            raise SymcnnError("the checkpoint has no valid state of the generator") from None
        self._draw()
        self._at = place.batches

    @property
    def place(self) -> Place:
        """Where the next batch is."""
        return Place(self._before, self._at)

    def __next__(self) -> Array:
        """Return the next batch; after the last whole one of an order, another one is drawn."""
        if (self._at + 1) * self._batch > self._samples:
            self._draw()
        start = self._at * self._batch
        self._at += 1
        return self._drawn[start : start + self._batch]

    def _draw(self) -> None:
        self._before = self._random.bit_generator.state
        self._drawn, self._at = self._random.permutation(self._samples), 0


def wrapped(samples: int, batch: int) -> Iterator[Array]:
    """Run over all samples once, in order; a last batch is filled up from the beginning."""
    batches = -(-samples // batch)
    yield from np.resize(np.arange(samples), (batches, batch))


def split(samples: int, share: float, random: np.random.Generator) -> tuple[Array, Array]:
    """Draw the share of the samples that is held out; return the others, and these."""
    order = random.permutation(samples)
    held = round(samples * share)
    return np.sort(order[held:]), np.sort(order[:held])
