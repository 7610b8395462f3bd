"""Gradients over more samples than fit into memory: those of chunks, added up.

    L(all) = share(N) * sum over chunks k of L(k)/share(n_k)  +  penalty

with n_k samples in chunk k, N in all, and share(n) the weight of one sample among n: 1/n
for a mean, 1 for a sum. The gradients follow the same rule. Sums are kept in 64 bits. Chunks
are Dask arrays by their blocks, arrays by slices, and iterables as they come.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from importlib import import_module
from itertools import islice, zip_longest
from typing import Any, Protocol

import numpy as np

from symcnn import limits
from symcnn.equations.values import Array, Evaluation, Values, float_arrays, required
from symcnn.errors import SymcnnError
from symcnn.network.network import Network
from symcnn.programs.cluster.separable import check_separable

_MISSING = "map_batches needs dask: pip install 'symcnn[dask]'"

USUAL_SAMPLES = 256
"""So many samples of an array are one chunk, if the network has no batch of its own."""

BRANCHES = 8
"""So many sums are added by one task of the tree."""


class Maker(Protocol):
    """What makes programs for any number of samples; it can be pickled."""

    @property
    def network(self) -> Network:
        """What is differentiated."""

    @property
    def dtype(self) -> str:
        """The type of the numbers."""

    def of_samples(self, samples: int) -> Any:
        """Return the program of so many samples, without the penalty."""

    def of_block(self, samples: int, every: int) -> Any:
        """Return the program of some of all the samples, and how its results are put together."""

    def of_penalty(self) -> Any:
        """Return the program of the penalty alone."""


@dataclass(frozen=True)
class Total:
    """Loss and gradients of some samples, each sample with the weight 1."""

    samples: int
    loss: float
    gradients: Mapping[str, Array]

    def __add__(self, other: Total) -> Total:
        """Return the total of both."""
        gradients = {name: g + other.gradients[name] for name, g in self.gradients.items()}
        return Total(self.samples + other.samples, self.loss + other.loss, gradients)


def map_batches(maker: Maker, values: Values, client: Any = None) -> Evaluation:
    """Return the loss over all samples, and its gradients with respect to the parameters.

    Args:
        maker: What makes the programs of the chunks.
        values: The parameters and what else is given, and the chunked input and target.
        client: The cluster's client; by default Dask's own scheduler does the work.

    Raises:
        SymcnnError: If Dask is missing, a name or a shape is wrong, or the samples of a
            batch depend on each other.
    """
    cloudpickle = _of_dask("cloudpickle")
    network = maker.network
    required(values, network.given)
    check_separable(network)  # refuses here, and not in some far process
    parameters = float_arrays(values, network.parameters, maker.dtype)
    samples = {tensor.name: values[tensor.name] for tensor in network.of_samples}
    shared = float_arrays(values, [t for t in network.given if t.name not in samples], maker.dtype)
    work = _Work(cloudpickle.dumps(maker), tuple(samples), shared, client)
    groups = groups_of(samples, network.batch or USUAL_SAMPLES)
    nothing = Total(0, 0.0, {name: np.zeros(array.shape) for name, array in parameters.items()})
    total = reduce(Total.__add__, map(work.total, filter(None, groups)), nothing)
    if not total.samples:
        raise SymcnnError(f"{' and '.join(samples)} contain no samples: give at least one")
    return _finished(maker, parameters, total)


@dataclass(frozen=True)
class _Work:
    """Tasks for Dask.

    Attributes:
        maker: The maker as bytes: nothing compiled travels.
        names: What the arrays of a chunk are for.
        shared: The numbers of the parameters, and of what else all samples share.
        client: The cluster's client, or none.
    """

    maker: bytes
    names: tuple[str, ...]
    shared: Mapping[str, Array]
    client: Any

    def total(self, chunks: Sequence[Chunk]) -> Total:
        """Return the total over chunks."""
        delayed = _of_dask("dask").delayed
        shared, task, add = self._everywhere(), delayed(chunk_total), delayed(added)
        level = [task(self.maker, self.names, self._sent(c), shared) for c in chunks]
        while len(level) > 1:
            starts = range(0, len(level), BRANCHES)
            level = [add(level[start : start + BRANCHES]) for start in starts]
        (root,) = level
        client = self.client
        total: Total = root.compute() if client is None else client.compute(root).result()
        return total

    def _everywhere(self) -> Any:
        """Return what is shared as a task's result, so that it travels once."""
        if self.client is None:
            return _of_dask("dask").delayed(self.shared, traverse=False)
        (future,) = self.client.scatter([self.shared], broadcast=True)
        return future

    def _sent(self, chunk: Chunk) -> Chunk:
        """Send arrays to the cluster ahead: tasks with numbers in them would pile up."""
        if self.client is None:
            return chunk
        send = self.client.scatter
        return tuple(send(part) if isinstance(part, np.ndarray) else part for part in chunk)


def chunk_total(
    maker: bytes, names: Sequence[str], chunk: Chunk, shared: Mapping[str, Array]
) -> Total:
    """Return the total over one chunk."""
    samples = len(chunk[0])
    program, weight = _program(maker, samples)
    evaluation = program({**shared, **dict(zip(names, chunk, strict=True))})
    gradients = {
        name: np.asarray(gradient, float) / weight
        for name, gradient in evaluation.gradients.items()
    }
    return Total(samples, float(evaluation.loss) / weight, gradients)


def added(totals: Iterable[Total]) -> Total:
    """Return the total of several."""
    return reduce(Total.__add__, totals)


@lru_cache(maxsize=16)
def _program(maker: bytes, samples: int) -> tuple[Any, float]:
    """Return the program of so many samples, and the weight that it gives to one."""
    made: Maker = pickle.loads(maker)  # of this process's own, or from its scheduler
    return made.of_samples(samples), float(made.network.loss.share(samples))


def _finished(maker: Maker, parameters: Mapping[str, Array], total: Total) -> Evaluation:
    weight, once = float(maker.network.loss.share(total.samples)), maker.of_penalty()(parameters)
    gradients = {
        name: (weight * gradient + once.gradients[name]).astype(maker.dtype)
        for name, gradient in total.gradients.items()
    }
    return Evaluation(weight * total.loss + once.loss, {}, gradients)


def _of_dask(module: str) -> Any:
    """Return a module that comes with Dask."""
    try:
        return import_module(module)
    except ImportError:
        raise SymcnnError(_MISSING) from None


Chunk = tuple[Any, ...]
"""What belongs to the same samples: an array, or Dask's promise of one, for each name."""


def groups_of(samples: Mapping[str, Any], size: int) -> Iterator[list[Chunk]]:
    """Return lists of chunks; each list is computed before the next one is asked for.

    Args:
        samples: What has a first axis over the samples, by its name.
        size: How many samples a slice of an array has.
    """
    import dask.array

    values = [*samples.values()]
    if any(isinstance(value, dask.array.Array) for value in values):
        yield [*zip(*_blocks(values), strict=True)]
    elif all(isinstance(value, np.ndarray) for value in values):
        _check_lengths(samples)
        starts = range(0, len(values[0]), size)
        yield [tuple(value[start : start + size] for value in values) for start in starts]
    else:
        chunks = _zipped(samples)
        while group := [*islice(chunks, limits.CHUNKS_AT_ONCE)]:
            yield group
            del group  # before the next ones are made


def _blocks(values: list[Any]) -> list[list[Any]]:
    """Return the blocks along the first axis: those of the first Dask array for all."""
    import dask.array as da

    rows = next(value for value in values if isinstance(value, da.Array)).chunks[0]
    arrays = (v if isinstance(v, da.Array) else da.from_array(np.asarray(v)) for v in values)
    cut = (array.rechunk((rows, *((n,) for n in array.shape[1:]))) for array in arrays)
    return [array.to_delayed().ravel().tolist() for array in cut]


def _zipped(samples: Mapping[str, Any]) -> Iterator[Chunk]:
    """Return the chunks of several iterables; they must have the same number."""
    for chunk in zip_longest(*samples.values()):
        if any(part is None for part in chunk):
            raise SymcnnError(f"{' and '.join(samples)} have different numbers of chunks")
        yield chunk


def _check_lengths(samples: Mapping[str, Any]) -> None:
    lengths = {name: len(value) for name, value in samples.items()}
    if len({*lengths.values()}) > 1:
        found = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise SymcnnError(f"the numbers of samples differ: {found}")
