"""Shares of a target in blocks: those of one block are computed and added before the next ones.

    T[s i + u - p] += sum of d[i, k] w[u, k]    for every i: all u at once, then each to its place

All of them together would be several times as large as the target and fill no cache; one block
stays in it until it is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from symcnn.programs.backends.numpy.addends import Addend
from symcnn.programs.backends.numpy.arrays import Grid, Grids
from symcnn.programs.backends.numpy.blocks import blocked
from symcnn.programs.backends.numpy.entrywise import over_loops
from symcnn.programs.backends.numpy.products import as_matrices, parts_of
from symcnn.programs.backends.numpy.scatter import Target, unrolled
from symcnn.programs.backends.numpy.statements import AddBlocks, Fill, Statement
from symcnn.programs.backends.numpy.strided import Loops, Strided, dense

LARGE = 1_000_000
"""The entries of shares that are computed at once: they are quicker so, while they fit a cache."""

SMALLEST_BLOCK = 10_000
"""The entries of a block that is worth a turn of its own."""


class _Work(NamedTuple):
    """What is done for every block.

    Attributes:
        before: What is done once, before.
        function: The function of NumPy.
        left: Its first argument, for every block.
        right: Its second one.
        out: Where its result goes.
    """

    before: list[Statement]
    function: str
    left: Grids
    right: Grids
    out: Grid


def shifted_in_blocks(addend: Addend, place: Target, order: Loops) -> Iterator[Statement] | None:
    """Set a target to the sum of its shares, block by block; None if that is of no use.

    Args:
        addend: A sum of products of two factors, or a product of two entries.
        place: The target, which all shares fit into.
        order: The loops of the shares; the first one counts the blocks.
    """
    moving, access, array = unrolled(place.access), place.access, place.layout.array
    shares = dense(order, access.sizes, array, "_shares")
    block = dense(order[1:], access.sizes, array, "_block")
    if shares.size <= LARGE or block.size < SMALLEST_BLOCK or order[0] in moving:
        return None
    work = (_product if addend.reduced else _entries)(addend, shares, block)
    return None if work is None or addend.number != 1 else _added(work, place, block, moving)


def _added(work: _Work, place: Target, block: Strided, moving: Loops) -> Iterator[Statement]:
    """Add the parts of every block to their places."""
    access, array = place.access, place.layout.array
    (counting,) = access.sizes.keys() - block.sizes.keys()
    rest = [loop for loop in block.in_memory if loop not in moving]
    yield from work.before
    yield Fill(array.all, "0")
    yield AddBlocks(
        work.function,
        work.left,
        work.right,
        work.out,
        access.grids((counting, *moving), rest, array, "_places"),
        block.grids(moving, rest, block.array, "_each"),
    )


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
