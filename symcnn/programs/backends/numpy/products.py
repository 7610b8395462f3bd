"""Sums of products of two accesses: matrix products.

    out[s, r, c] = sum over k of left[s, r, k]*right[s, k, c]

Every loop of an equation plays one of these parts. Those in both factors that the target
lacks are k; the target's last loops, in memory, that one factor has alone are the columns
c, and the ones before them that the other has alone are the rows r; what remains of the
target's counts matrices, and so does what of k does not lie together in memory: these
products are added up.

A long product becomes several short ones, for one block of c, or of k, at a time: BLAS is
quickest on skinny matrices as long as the whole product is small. Beyond some 10^6
multiplications it rearranges its operands first, which costs more than it saves. With broad
matrices it saves more than it costs.

Where the loops of a group do not lie one inside the other in memory, as those of a window
do not, the entries are copied once so that they do:

    x[h, c, j + v, n]   becomes   p[h, v, c, j, n]

A window along one more axis, h = i + u, costs no copy of its own: the rows (u, v, c) of
the matrix for one i begin where those of the matrix before began, one h further. So an
image is copied as often as a window is wide, and not as often as it has entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

from sympy import Dummy, Symbol

from symcnn.programs.backends.numpy.statements import Product, Reduce, Statement
from symcnn.programs.backends.numpy.strided import Loops, Strided, dense, over_all

LONG_ROW = 32
"""A product of a row and a column that are as long is quicker than multiplying and adding."""


@dataclass(frozen=True)
class Parts:
    """The part of every loop in a matrix product.

    Attributes:
        left: The factor with the rows.
        right: The factor with the columns.
        accumulated: Loops over which products of matrices are added up.
        stack: Loops of the target that count matrices.
        rows: r.
        summed: k.
        columns: c.
    """

    left: Strided
    right: Strided
    accumulated: Loops
    stack: Loops
    rows: Loops
    summed: Loops
    columns: Loops


def parts_of(first: Strided, second: Strided, order: Sequence[Symbol]) -> Parts | None:
    """Return the parts of the loops; None if this is no matrix product.

    Args:
        first: One factor.
        second: The other one.
        order: The loops of the target, the one that moves farthest first.
    """
    kept, both = set(order), first.sizes.keys() & second.sizes.keys()
    every = first.sizes.keys() | second.sizes.keys()
    summed = both - kept
    if kept - every or every - kept - both or not summed:
        return None
    left, right = (second, first) if order and order[-1] in first.sizes else (first, second)
    columns = _suffix(order, right.sizes.keys() - left.sizes.keys())
    rest = tuple(order[: len(order) - len(columns)])
    rows = _suffix(rest, left.sizes.keys() - right.sizes.keys())
    stack = rest[: len(rest) - len(rows)]
    within = _within(summed, left, right)
    accumulated = tuple(loop for loop in left.in_memory if loop in summed and loop not in within)
    return Parts(left, right, accumulated, stack, rows, within, columns)


def _suffix(order: Sequence[Symbol], own: set[Symbol]) -> Loops:
    count = 0
    while count < len(order) and order[-1 - count] in own:
        count += 1
    return tuple(order[len(order) - count :])


def _within(summed: set[Symbol], left: Strided, right: Strided) -> Loops:
    """Return the loops to sum in one matrix product: the most that lie together in a factor."""
    found = (_together(factor, summed) for factor in (left, right))
    return max(found, key=lambda loops: prod(left.sizes[loop] for loop in loops))


def _together(factor: Strided, summed: set[Symbol]) -> Loops:
    """Return the last summed loops of a factor, in memory, that make one axis."""
    order = [loop for loop in factor.in_memory if loop in summed]
    start = len(order) - 1
    while start > 0 and factor.merges(order[start - 1 :]):
        start -= 1
    return tuple(order[start:])


def has_long_rows(parts: Parts) -> bool:
    """Tell whether both factors have what is summed in one run, long enough for BLAS."""
    runs = [factor.axis(parts.summed) for factor in (parts.left, parts.right)]
    merged = parts.left.merges(parts.summed) and parts.right.merges(parts.summed)
    return merged and all(size >= LONG_ROW and step == 1 for size, step in runs)


def as_matrices(parts: Parts) -> Parts:
    """Return the parts with factors whose rows and columns are one axis each."""
    stack = (*parts.accumulated, *parts.stack)
    left = matrix(parts.left, stack, parts.rows, parts.summed)
    right = matrix(parts.right, stack, parts.summed, parts.columns)
    return replace(parts, left=left, right=right)


def multiply(parts: Parts, out: Strided) -> Iterator[Statement]:
    """Return the product of two factors into an array of the target's loops."""
    parts, out = blocked(as_matrices(parts), out)
    stack, made = (*parts.accumulated, *parts.stack), out
    if parts.accumulated:
        sizes = {**out.sizes, **{loop: parts.left.sizes[loop] for loop in parts.accumulated}}
        made = dense((*stack, *parts.rows, *parts.columns), sizes, out.array, "_shares")
    axes = [(loop,) for loop in stack]
    yield Product(
        parts.left.matrix(axes, parts.rows, parts.summed),
        parts.right.matrix(axes, parts.summed, parts.columns),
        made.grid([*axes, parts.rows, parts.columns], made.array, "_matrix"),
    )
    if parts.accumulated:
        order = (*parts.stack, *parts.rows, *parts.columns)
        shares = made.grid([parts.accumulated, *((loop,) for loop in order)])
        yield Reduce("np.add", shares, (0,), out.over(order))


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
    by_columns = length(parts, parts.columns) >= length(parts, parts.summed)
    cut = parts.columns if by_columns else parts.summed
    count = _count(length(parts, cut), prod(_lengths(parts)))
    if count == 1:
        return parts, out
    number, within = Dummy("block"), Dummy("within")
    left, right = (f.cut(cut, count, number, within) for f in (parts.left, parts.right))
    made = replace(parts, left=left, right=right)
    if by_columns:
        stack = (*parts.stack, number)
        out = out.cut(cut, count, number, within)
        return replace(made, stack=stack, columns=(within,)), out
    return replace(made, accumulated=(*parts.accumulated, number), summed=(within,)), out


def length(parts: Parts, loops: Loops) -> int:
    """Return the number of values of some loops together."""
    sizes = {**parts.left.sizes, **parts.right.sizes}
    return prod(sizes[loop] for loop in loops)


def _lengths(parts: Parts) -> list[int]:
    return [length(parts, loops) for loops in (parts.rows, parts.summed, parts.columns)]


def _count(length: int, work: int) -> int:
    """Return into how many pieces of one length an axis is cut."""
    if work <= BLOCK_MULTIPLICATIONS:
        return 1
    most = length // SHORTEST
    pieces = [n for n in range(1, most + 1) if length % n == 0]
    enough = [n for n in pieces if work <= n * BLOCK_MULTIPLICATIONS]
    return min(enough) if enough else max(pieces, default=1)


def matrix(access: Strided, *groups: Loops) -> Strided:
    """Return the access itself if it is a matrix for BLAS, else a copy that is one.

    Args:
        access: The entries.
        groups: The loops that count matrices, those of the rows, and those of the columns.
    """
    stack, rows, columns = (tuple(s for s in group if s in access.sizes) for group in groups)
    if _is_matrix(access, rows, columns):
        return access
    if set(access.in_memory[-1:]) & set(rows):
        rows, columns = columns, rows  # The copy's inner loop is that of the source.
    return _copy(access, stack, rows, columns)


def _copy(access: Strided, stack: Loops, outer: Loops, inner: Loops) -> Strided:
    """Return the entries one inside the other; those of sliding windows are copied once."""
    moves = (*access.sizes.items(), *access.steps.items())
    key = ("im2col", access.array, access.start, moves, stack, outer, inner)
    sliding = _sliding(access, stack, outer)
    if sliding is None:
        return _packed(access, (*stack, *outer, *inner), key)
    others = tuple(loop for loop in stack if loop != sliding.position)
    order = (*others, sliding.along, *outer[1:], *inner)
    return sliding.windows(_packed(sliding.source(access), order, key), access)


def _packed(source: Strided, order: Loops, key: object) -> Strided:
    """Return a copy of entries that holds the loops one inside the other."""
    array = replace(dense(order, source.sizes, source.array, "_patches").array, key=key)
    copied = source.over(order, source.array, "_windows")
    return over_all(replace(array, copy=(array.all, copied)), order)


@dataclass(frozen=True)
class _Sliding:
    """Two loops that move along one axis: h = scale*position + inside.

    Attributes:
        position: The loop that counts the windows.
        inside: The loop that runs inside of a window.
        scale: How far the next window is away.
        size: How many values h has.
        along: h.
    """

    position: Symbol
    inside: Symbol
    scale: int
    size: int
    along: Symbol

    def source(self, access: Strided) -> Strided:
        """Return the access over h."""
        along = {self.along: (self.size, access.steps[self.inside])}
        return access.exchanged((self.position, self.inside), along)

    def windows(self, copy: Strided, access: Strided) -> Strided:
        """Return the access to a copy over both loops."""
        step, sizes = copy.steps[self.along], access.sizes
        position = sizes[self.position], self.scale * step
        inside = sizes[self.inside], step
        return copy.exchanged((self.along,), {self.position: position, self.inside: inside})


def _sliding(access: Strided, stack: Loops, outer: Loops) -> _Sliding | None:
    """Return the windows that the first row loop slides over, if that saves entries."""
    for inside in outer[:1]:
        for position in stack:
            scale, rest = divmod(access.steps[position], access.steps[inside])
            windows, width = access.sizes[position], access.sizes[inside]
            size = scale * (windows - 1) + width
            if rest == 0 and scale > 0 and size < windows * width:
                return _Sliding(position, inside, scale, size, Dummy("h"))
    return None


def _is_matrix(access: Strided, rows: Loops, columns: Loops) -> bool:
    """Tell whether rows and columns are one axis each, and one of them moves by 1."""
    merges = access.merges(rows) and access.merges(columns)
    steps = [step for _, step in (access.axis(rows), access.axis(columns)) if step]
    return merges and (not steps or min(steps) == 1)
