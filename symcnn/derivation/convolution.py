r"""Convolution notation: equations whose indices are those of a cross-correlation or a convolution.

An equation that multiplies two tensors may hold three arrays A, B and C with

    A's index  =  p i + q u - s        B's index  =  i        C's index  =  u

along each of some axes. Whichever of them is the target, the equation says one of

    B  =  ((A moved by s) * (C spread by q)) sampled by p         * the cross-correlation,
    C  =  ((A moved by s) * (B spread by p)) sampled by q
    A  =  ((B spread by p) ** (C spread by q)) moved back by s    ** the convolution,

added up over the other loops. A convolutional layer has the first form, with p its stride, q its
dilation and s its padding; the derivatives with respect to its weights and its input have the
second and the third; a transposed convolution begins with the third. Only indices are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Expr, Indexed, Mul, Symbol

from symcnn.equations import Equation, Guard, Loop, Sum, affine, along_axes
from symcnn.equations.access import Access
from symcnn.equations.sizes import Size, is_at_least, plain


@dataclass(frozen=True)
class Array:
    """A tensor as an array along some of its axes.

    Attributes:
        entry: The entry; its indices along the other axes say which array.
        axes: The axes of the array.
        spread: By how much its entries are moved apart along each, with zeros between them.
    """

    entry: Indexed
    axes: tuple[int, ...]
    spread: tuple[Size, ...] = ()

    @property
    def lengths(self) -> tuple[Size, ...]:
        """The lengths of the axes."""
        return tuple(plain(self.entry.shape[axis]) for axis in self.axes)

    @property
    def fixed(self) -> dict[int, Expr]:
        """The indices along the other axes."""
        return {n: i for n, i in enumerate(self.entry.indices) if n not in self.axes}

    @property
    def bare(self) -> tuple[Expr, ...]:
        """The indices along its axes."""
        return tuple(self.entry.indices[axis] for axis in self.axes)


@dataclass(frozen=True)
class Convolution:
    """left = sum over loops of a cross-correlation, or of a convolution, of two arrays.

    Attributes:
        left: The array that is made.
        first: The first array.
        second: The second one, which is flipped if it is a convolution.
        flips: Whether it is a convolution.
        moved: By how much the first array is moved, or the result moved back.
        sampled: Which entries of the result are kept: every 2nd, say.
        over: What is summed over.
        free: The loops that say which array is made.
    """

    left: Array
    first: Array
    second: Array
    flips: bool
    moved: tuple[Size, ...]
    sampled: tuple[Size, ...]
    over: tuple[Loop, ...]
    free: tuple[Loop, ...]


class _Axis(NamedTuple):
    """One axis along which A's index is p i + q u - s."""

    of_a: int
    of_b: int
    of_c: int
    p: Size
    q: Size
    s: Size


def convolution(equation: Equation) -> Convolution | None:
    """Read an equation as a cross-correlation or a convolution, if its indices are so."""
    factors = Mul.make_args(equation.value)
    are_two = len(factors) == 2 and all(isinstance(factor, Indexed) for factor in factors)
    if not are_two or not isinstance(equation.reduction, Sum):
        return None
    reads = (equation.target, *factors)
    for n, a in enumerate(reads):
        b, c = reads[:n] + reads[n + 1 :]
        if axes := list(_axes(a, b, c, equation)):
            return _of(equation, (a, b, c), axes)
    return None


def _axes(a: Indexed, b: Indexed, c: Indexed, equation: Equation) -> Iterator[_Axis]:
    """Run over the axes of A that are of the shape, but those where all three are 1 long."""
    sizes = equation.sizes
    for place, (index, length) in enumerate(along_axes(a)):
        form = affine(index)
        loops = list(form.coefficients)
        for i, u in (loops, loops[::-1]) if len(loops) == 2 else ():
            own = [_whole_axis(read, loop, sizes) for read, loop in ((b, i), (c, u))]
            held = [_held(i, a, c), _held(u, a, b)]
            p, q = form.coefficient(i), form.coefficient(u)
            if None in own or held != [1, 1] or not _are_positive(p, q):
                continue
            lengths = (length, sizes[i], sizes[u])
            if lengths == (1, 1, 1) and form.constant == 0:
                continue
            of_b, of_c = (n for n in own if n is not None)
            step, spread = (1 if sizes[x] == 1 else n for x, n in ((i, p), (u, q)))
            yield _Axis(place, of_b, of_c, step, spread, -form.constant)


def _whole_axis(read: Indexed, loop: Symbol, sizes: Mapping[Symbol, Size]) -> int | None:
    """Return the axis of which a loop is the index and runs over it, if it is the only one."""
    places = [n for n, index in enumerate(read.indices) if loop in index.free_symbols]
    if len(places) != 1 or read.indices[places[0]] != loop:
        return None
    return places[0] if plain(read.shape[places[0]]) == sizes[loop] else None


def _held(loop: Symbol, *reads: Indexed) -> int:
    """Return how many indices hold a loop."""
    return sum(loop in index.free_symbols for read in reads for index in read.indices)


def _are_positive(*numbers: Size) -> bool:
    return all(is_at_least(number, 1, {}) for number in numbers)


def _of(
    equation: Equation, reads: tuple[Indexed, Indexed, Indexed], axes: Sequence[_Axis]
) -> Convolution | None:
    a = Array(reads[0], tuple(axis.of_a for axis in axes))
    p, q = tuple(axis.p for axis in axes), tuple(axis.q for axis in axes)
    b = Array(reads[1], tuple(axis.of_b for axis in axes), p)
    c = Array(reads[2], tuple(axis.of_c for axis in axes), q)
    left = next(array for array in (a, b, c) if array.entry == equation.target)
    along = {s for index in a.bare for s in index.free_symbols}
    channels = [loop for loop in equation.loops if loop.symbol not in along]
    kept = {s for index in left.fixed.values() for s in index.free_symbols}
    shown = {Guard(a.entry.indices[n], plain(a.entry.shape[n])) for n in a.axes}
    slides = any(b.lengths[n] != 1 != c.lengths[n] for n in range(len(axes)))
    if not ({*equation.guards} <= shown and slides and _is_every_array(left, channels)):
        return None
    over = tuple(loop for loop in channels if loop.symbol not in kept)
    free = tuple(loop for loop in channels if loop.symbol in kept)
    moved = tuple(axis.s for axis in axes)
    if not any(all(is_at_least(sign * s, 0, {}) for s in moved) for sign in (1, -1)):
        return None  # moved forward along one axis, and back along another
    if left is a:
        return Convolution(a, b, c, True, moved, (1,) * len(axes), over, free)
    other, sampled = (c, p) if left is b else (b, q)
    return Convolution(left, a, other, False, moved, sampled, over, free)


def _is_every_array(left: Array, channels: Sequence[Loop]) -> bool:
    """Tell whether the other indices of the target take all their values, each once."""
    forms = tuple(affine(index) for index in left.fixed.values())
    shape = tuple(plain(left.entry.shape[axis]) for axis in left.fixed)
    held = {s for form in forms for s in form.coefficients}
    sizes = {loop.symbol: loop.size for loop in channels if loop.symbol in held}
    return Access(forms, shape, sizes).reshaped is not None
