"""Blocks: a long matrix product becomes several short ones.

    out[r, c] = sum of left[r, k]*right[k, c]    for one block of c, or of k, at a time

BLAS is quickest on skinny matrices as long as the whole product is small: beyond some
10^6 multiplications it rearranges its operands first, which costs more than it saves. With
broad matrices it saves more than it costs.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from sympy import Dummy, Symbol

from symcnn.programs.backends.numpy.products import Parts
from symcnn.programs.backends.numpy.strided import Loops, Strided

BLOCK_MULTIPLICATIONS = 10**6
"""The most multiplications of one matrix product."""

SKINNY = 32
"""A product whose axes all are as long is not cut: each number is read for so many others."""

SHORTEST = 256
"""An axis is not cut into pieces that are shorter than this."""


def blocked(parts: Parts, out: Strided) -> tuple[Parts, Strided]:
    """Return a product whose longest axis is cut; the same one where that is no use."""
    if min(_lengths(parts)) >= SKINNY:
        return parts, out
    by_columns = _length(parts, parts.columns) >= _length(parts, parts.summed)
    cut = parts.columns if by_columns else parts.summed
    count = _count(_length(parts, cut), prod(_lengths(parts)))
    if count == 1:
        return parts, out
    number, within = Dummy("block"), Dummy("within")
    left, right = (_cut(f, cut, count, number, within) for f in (parts.left, parts.right))
    made = replace(parts, left=left, right=right)
    if by_columns:
        stack = (*parts.stack, number)
        out = _cut(out, cut, count, number, within)
        return replace(made, stack=stack, columns=(within,)), out
    return replace(made, accumulated=(*parts.accumulated, number), summed=(within,)), out


def _length(parts: Parts, loops: Loops) -> int:
    sizes = {**parts.left.sizes, **parts.right.sizes}
    return prod(sizes[loop] for loop in loops)


def _lengths(parts: Parts) -> list[int]:
    return [_length(parts, loops) for loops in (parts.rows, parts.summed, parts.columns)]


def _count(length: int, work: int) -> int:
    """Return into how many pieces of one length an axis is cut."""
    if work <= BLOCK_MULTIPLICATIONS:
        return 1
    most = length // SHORTEST
    pieces = [n for n in range(1, most + 1) if length % n == 0]
    enough = [n for n in pieces if work <= n * BLOCK_MULTIPLICATIONS]
    return min(enough) if enough else max(pieces, default=1)


def _cut(access: Strided, loops: Loops, count: int, number: Symbol, within: Symbol) -> Strided:
    """Return an access with two loops, the block and the place in it, for loops that merge."""
    if not set(loops) & access.sizes.keys():
        return access
    length, step = access.axis(loops)
    piece = length // count
    return access.exchanged(loops, {number: (count, piece * step), within: (piece, step)})
