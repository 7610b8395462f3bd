"""Few long products of matrices in the place of many short ones.

A tensor lies with the rows of an image outside of its channels, so that a product of matrices is
one for each row of the image. Where such a row is short, and the weights are many, BLAS reads
all of these for each of them:

    z[i, k, j] = sum over c of w[k, c] x[i, c, j]     becomes    z'[k, (i, j)] with x'[c, (i, j)]

if both are copied. Likewise a sum over rows of images, of products each as large as the result:

    d[k, c] = sum over i, j of g[i, k, j] x[i, c, j]     becomes    one product over (i, j)
"""

from __future__ import annotations

from dataclasses import replace

from symcnn.programs.backends.numpy.products import Parts, length, parts_of
from symcnn.programs.backends.numpy.strided import Loops, Strided, dense

SHORT = 128
"""A row or a sum of fewer entries is worth being made longer."""

LONG = 32
"""With so many entries along the other axes the copies are short beside the product."""


def gathered(parts: Parts, out: Strided) -> tuple[Parts, Strided]:
    """Return few long products and where their result goes, which may be an array of their own."""
    columns = _columns(parts)
    if columns:
        rest = tuple(loop for loop in out.in_memory if loop not in (*columns, *parts.columns))
        made = dense((*rest, *columns, *parts.columns), out.sizes, out.array, "_gathered")
        whole = parts_of(parts.left, parts.right, made.in_memory)
        if whole is not None and not whole.accumulated:
            return whole, made
    return _sum(parts), out


def _columns(parts: Parts) -> Loops:
    """Return the loops that count products and can be columns, where these are few."""
    own = tuple(s for s in parts.stack if s in parts.right.sizes and s not in parts.left.sizes)
    lengths = [length(parts, loops) for loops in (parts.rows, parts.summed)]
    is_short = length(parts, parts.columns) < SHORT and min(lengths) >= LONG
    return own if is_short and not parts.accumulated else ()


def _sum(parts: Parts) -> Parts:
    """Return products that are added up as a single one, where that moves fewer numbers."""
    if not parts.accumulated or parts.stack or length(parts, parts.summed) >= SHORT:
        return parts
    rows, columns = (length(parts, loops) for loops in (parts.rows, parts.columns))
    summed = length(parts, (*parts.accumulated, *parts.summed))
    count = length(parts, parts.accumulated)
    if min(rows, columns) < LONG or (rows + columns) * summed > count * rows * columns:
        return parts
    return replace(parts, accumulated=(), summed=(*parts.accumulated, *parts.summed))
