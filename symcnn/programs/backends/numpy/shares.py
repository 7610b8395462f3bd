"""Targets whose entries have several terms: += on shifted views, of all shares or of a block.

    T[s i + u - p]    is    for every u:  T[s i + u - p over i] += shares[u]

so that no two entries of a view are the same number of T. Where all shares together would be
several times as large as the target and fill no cache, those of one block are computed and
added before the next ones, so that they stay in it:

    T[s i + u - p] += sum of d[i, k] w[u, k]    for every i: all u at once, then each to its place
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sympy import Symbol

from symcnn.programs.backends.numpy.addends import Addend
from symcnn.programs.backends.numpy.arrays import Grid, Grids
from symcnn.programs.backends.numpy.entrywise import over_loops
from symcnn.programs.backends.numpy.layout import Target
from symcnn.programs.backends.numpy.products import as_matrices, blocked, parts_of
from symcnn.programs.backends.numpy.statements import AddAll, AddBlocks, Fill, Statement
from symcnn.programs.backends.numpy.strided import Strided, dense

LARGE = 1_000_000
"""The entries of shares that are computed at once: they are quicker so, while they fit a cache."""

SMALLEST_BLOCK = 10_000
"""The entries of a block that is worth a turn of its own."""


class _Work(NamedTuple):
    """What is done for every block."""

    before: list[Statement]
    function: str
    left: Grids
    right: Grids
    out: Grid


def shares_of(addend: Addend, place: Target) -> Strided:
    """Return an array for the shares of a target: as the largest read lies, shifts among it."""
    access = place.access
    reads = sorted(addend.reads.values(), key=lambda read: -read.size)
    runs = [s for read in reads[:1] for s in read.in_memory if s in access.sizes]
    others = [s for read in reads[1:] for s in read.in_memory if s in access.sizes]
    shifts = [s for s in dict.fromkeys((*others, *access.in_memory)) if s not in runs]
    first = 1 if len(runs) > 1 and len(addend.factors) == 2 else 0
    order = (*runs[:first], *shifts, *runs[first:])
    return dense(order, access.sizes, place.layout.array, "_shares")


def shift(shares: Strided, target: Target) -> Iterator[Statement]:
    """Set a target to the sum of the shares that go to its entries."""
    yield Fill(target.layout.array.all, "0")
    yield AddAll(*_moved(target.access, shares))


def _moved(place: Strided, shares: Strided, *counting: Symbol) -> tuple[Grids, Grids]:
    """Return the views of a target and those of its shares that are added to them."""
    moving = place.unrolled
    rest = [loop for loop in shares.in_memory if loop not in moving]
    places = place.grids((*counting, *moving), rest, place.array, "_places")
    return places, shares.grids(moving, rest, shares.array, "_each")


def shifted_in_blocks(addend: Addend, place: Target, shares: Strided) -> list[Statement] | None:
    """Set a target to the sum of its shares, block by block; None if that is of no use.

    Args:
        addend: A sum of products of two factors, or a product of two entries.
        place: The target, which all shares fit into.
        shares: An array for all of them; its first loop counts the blocks.
    """
    moving, access, array = place.access.unrolled, place.access, place.layout.array
    block = dense(shares.in_memory[1:], access.sizes, array, "_block")
    if shares.size <= LARGE or block.size < SMALLEST_BLOCK or shares.in_memory[0] in moving:
        return None
    work = (_product if addend.reduced else _entries)(addend, shares, block)
    if work is None or addend.number != 1:
        return None
    places, each = _moved(access, block, shares.in_memory[0])
    blocks = AddBlocks(work.function, work.left, work.right, work.out, places, each)
    return [*work.before, Fill(array.all, "0"), blocks]


def _product(addend: Addend, shares: Strided, block: Strided) -> _Work | None:
    """Return the products of matrices, one or a stack of them for each block."""
    if len(addend.factors) != 2:
        return None
    (first, before), (second, then) = (
        over_loops(factor, addend.reads, "factor") for factor in addend.factors
    )
    parts = parts_of(first, second, shares.in_memory)
    counting, *_ = shares.in_memory
    if parts is None:
        return None
    parts, out = blocked(as_matrices(parts), shares)
    if parts.accumulated or counting not in parts.stack:
        return None
    stack = [(loop,) for loop in parts.stack if loop != counting]
    size = shares.sizes[counting]
    left, right = (
        factor.matrices(counting, size, [*stack, *sides], factor.array, "_matrices")
        for factor, sides in (
            (parts.left, (parts.rows, parts.summed)),
            (parts.right, (parts.summed, parts.columns)),
        )
    )
    place = replace(out.without([counting]), array=block.array)
    made = place.grid([*stack, parts.rows, parts.columns], block.array, "_matrix")
    return _Work([*before, *then], "np.matmul", left, right, made)


def _entries(addend: Addend, shares: Strided, block: Strided) -> _Work | None:
    """Return the products of two entries each."""
    pair = addend.entries
    if len(pair) != 2:
        return None
    counting, *rest = shares.in_memory
    axes, size = [(loop,) for loop in rest], shares.sizes[counting]
    left, right = (
        read.matrices(counting, size, axes, read.array, "_at_", block.array)
        for read in (addend.reads[entry] for entry in pair)
    )
    return _Work([], "np.multiply", left, right, block.over(rest))
