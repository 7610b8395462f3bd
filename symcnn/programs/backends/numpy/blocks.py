"""Statements that go block by block: what one block needs stays in the cache until the next."""

from __future__ import annotations

from dataclasses import dataclass

from symcnn.programs.backends.numpy.arrays import Nest, Operand


@dataclass(frozen=True)
class AddBlocks:
    """For each block: out = function(left, right), and parts of it are added to their places.

    Attributes:
        function: The function.
        left: A list of views, one for each block.
        right: Likewise.
        out: The memory for one block.
        places: For each block, and each part of it, where the part is added.
        parts: The parts of ``out``.
    """

    function: str
    left: Operand
    right: Operand
    out: Operand
    places: Operand
    parts: Operand


@dataclass(frozen=True)
class ProductsOfCopies:
    """For each strip: entries are copied to a place, then out = left @ right.

    Attributes:
        place: The memory for one strip.
        sources: What is copied there, for each strip.
        left: A list of matrices, likewise.
        right: Likewise.
        out: Likewise.
    """

    place: Operand
    sources: Operand
    left: Operand
    right: Operand
    out: Operand


@dataclass(frozen=True)
class SumOfProducts:
    """For each strip: the same, and total += each matrix of out.

    Attributes:
        place, sources, left, right: As above.
        out: Memory for the products of one strip, for each of them.
        parts: The matrices there, one after the other.
        total: What they are added to.
    """

    place: Operand
    sources: Operand
    left: Operand
    right: Operand
    out: Operand
    parts: Operand
    total: Operand


@dataclass(frozen=True)
class ProductBlocks:
    """For each block: out = left @ right, between loops.

    Attributes:
        left: A list of views, one for each block.
        right: Likewise.
        out: Likewise.
        before: Loops that copy what a block is made of, if any.
        after: Loops that add a block to its places, if any.
        arrays: The arrays of each of the two.
    """

    left: Operand
    right: Operand
    out: Operand
    before: Nest | None
    after: Nest | None
    arrays: tuple[tuple[Operand, ...], tuple[Operand, ...]]
