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

from symcnn.backends.numpy.strided import Loops, Strided, dense, over_all


@dataclass(frozen=True)
class Groups:
    """Which loops of an access count matrices, and which make up their two axes."""

    stack: Loops
    rows: Loops
    columns: Loops

    def of(self, access: Strided) -> Groups:
        """Return the groups without the loops that the access does not have."""
        own = (
            tuple(loop for loop in group if loop in access.sizes)
            for group in (self.stack, self.rows, self.columns)
        )
        return Groups(*own)


def matrix(access: Strided, groups: Groups) -> Strided:
    """Return the access itself if it is a matrix for BLAS, else a copy that is one."""
    groups = groups.of(access)
    if _is_matrix(access, groups):
        return access
    inner, outer = groups.columns, groups.rows
    if set(access.in_memory[-1:]) & set(outer):
        inner, outer = outer, inner  # The copy's inner loop is that of the source.
    return _copy(access, groups.stack, outer, inner)


def _copy(access: Strided, stack: Loops, outer: Loops, inner: Loops) -> Strided:
    """Return the entries one inside the other; those of sliding windows are copied once."""
    sliding = _sliding(access, stack, outer)
    source = access if sliding is None else sliding.source(access)
    along = stack if sliding is None else (*sliding.others(stack), sliding.along)
    order = (*along, *(outer if sliding is None else outer[1:]), *inner)
    key = ("im2col", access.array, access.start, *access.moves, stack, outer, inner)
    made = dense(order, source.sizes, access.array, "_patches").array
    copied = source.over(order, access.array, "_windows")
    array = replace(made, key=key)
    copy = over_all(replace(array, copy=(array.all, copied)), order)
    return copy if sliding is None else sliding.windows(copy, access)


@dataclass(frozen=True)
class _Sliding:
    """Two loops that move along one axis: h = scale*position + inside.

    Attributes:
        position: The loop that counts the windows.
        inside: The loop that runs inside of a window.
        scale: How far the next window is away.
        along: h.
    """

    position: Symbol
    inside: Symbol
    scale: int
    along: Symbol

    def others(self, stack: Loops) -> Loops:
        """Return the other loops that count matrices."""
        return tuple(loop for loop in stack if loop != self.position)

    def source(self, access: Strided) -> Strided:
        """Return the access over h."""
        rest, step = access.without((self.position, self.inside)), access.steps[self.inside]
        size = self.size(access)
        return Strided(
            rest.array,
            rest.start,
            {**rest.sizes, self.along: size},
            {**rest.steps, self.along: step},
        )

    def windows(self, copy: Strided, access: Strided) -> Strided:
        """Return the access to a copy over both loops."""
        rest, step = copy.without((self.along,)), copy.steps[self.along]
        sizes = {loop: access.sizes[loop] for loop in (self.position, self.inside)}
        steps = {self.position: self.scale * step, self.inside: step}
        return Strided(rest.array, rest.start, {**rest.sizes, **sizes}, {**rest.steps, **steps})

    def size(self, access: Strided) -> int:
        """Return how many values h has."""
        windows, inside = access.sizes[self.position], access.sizes[self.inside]
        return self.scale * (windows - 1) + inside


def _sliding(access: Strided, stack: Loops, outer: Loops) -> _Sliding | None:
    """Return the windows that the first row loop slides over, if that saves entries."""
    if not outer:
        return None
    inside, step = outer[0], access.steps[outer[0]]
    for position in stack:
        scale, rest = divmod(access.steps[position], step)
        found = _Sliding(position, inside, scale, Dummy("h"))
        saves = found.size(access) < access.sizes[position] * access.sizes[inside]
        if rest == 0 and scale > 0 and saves:
            return found
    return None


def _is_matrix(access: Strided, groups: Groups) -> bool:
    """Tell whether rows and columns are one axis each, and one of them moves by 1."""
    merges = access.merges(groups.rows) and access.merges(groups.columns)
    steps = [step for step in (access.axis(g)[1] for g in (groups.rows, groups.columns)) if step]
    return merges and (not steps or min(steps) == 1)
