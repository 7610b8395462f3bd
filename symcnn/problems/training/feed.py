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

USUAL_BATCH = 64


@dataclass(frozen=True)
class Feed:
    """The numbers of input and target, step by step.

    Attributes:
        network: The network for as many samples as a step computes with.
        batches: The numbers by tensor name, for one step after the other.
        fixed: The numbers that are given and neither learned nor a sample's.
        samples: The samples that the batches are drawn from, if there are any.
    """

    network: Network
    batches: Iterator[Mapping[str, Array]]
    fixed: Mapping[str, Array] = field(default_factory=dict)
    samples: Samples | None = None


def full_batch(problem: Problem, dtype: str) -> Feed:
    """Return the problem's own numbers, the same ones for every step."""
    given = (t for t in problem.network.given if t.role != "parameter")
    return Feed(problem.network, repeat(float_arrays(problem.values, given, dtype)))


def mini_batches(
    problem: Problem,
    data: str | Path | Mapping[str, Any],
    batch: int | None,
    seed: int,
    dtype: str,
) -> Feed:
    """Return batches of samples in an order that the seed decides.

    Raises:
        SymcnnError: If the data or a number is not right; an error in a file names it.
    """
    network, random = problem.network, np.random.default_rng(_checked_seed(seed))
    samples = _read(data, network, dtype)
    size = _batch(network, len(samples), batch)
    batches = (samples.take(chosen).given for chosen in order(len(samples), size, random))
    others = {*network.parameters, *network.of_samples}
    fixed = float_arrays(problem.values, [t for t in network.given if t not in others], dtype)
    return Feed(replace(network, batch=size), batches, fixed, samples)


def _read(data: str | Path | Mapping[str, Any], network: Network, dtype: str) -> Samples:
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


def order(samples: int, batch: int, random: np.random.Generator) -> Iterator[Array]:
    """Run over the numbers of the samples of one batch after the other, without end."""
    while True:
        drawn = random.permutation(samples)
        for start in range(0, samples - batch + 1, batch):
            yield drawn[start : start + batch]
