"""Im2col: an access as matrices, with its loops in two groups, each of them one axis.

Where the loops of a group do not lie one inside the other in memory, as those of a window
do not, the entries are copied once so that they do:

    x[h, c, j + v, n]   becomes   p[h, v, c, j, n]

A window along one more axis, h = i + u, costs no copy of its own: the rows (u, v, c) of
the matrix for one i begin where those of the matrix before began, one h further. So an
image is copied as often as a window is wide, and not as often as it has entries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Dummy, Symbol

from symcnn.programs.backends.numpy.strided import Loops, Strided, dense, over_all


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
