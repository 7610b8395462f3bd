"""Chunks of samples: Dask arrays by their blocks, arrays by slices, iterables as they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, zip_longest
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.errors import SymcnnError

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
