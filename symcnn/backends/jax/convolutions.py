"""Sums of products over windows as convolutions, which devices compute without copies.

    z[n, i, k]  = sum over u, c of x[n, s i + d u - p, c] w[u, c, k]       step s, dilation d
    dw[u, c, k] = sum over n, i of x[n, s i + d u - p, c] dz[n, i, k]      step d, dilation s

Both are of one form: the loops that both factors have are summed, and the others are those
of the target. Along an axis of x one of each kind moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

from sympy import Expr, Indexed, Mul, S, Symbol

from symcnn.backends.numpy.general.operands import Operand, atom
from symcnn.backends.numpy.general.sums import elementwise
from symcnn.backends.numpy.general.writer import Writer, left, reshaped
from symcnn.backends.python.printing import array_code
from symcnn.equations import Affine, Equation, accesses
from symcnn.equations.access import Access, shape_of

Loops = tuple[Symbol, ...]
Sizes = Mapping[Symbol, int]
T = TypeVar("T")

MOST_AXES = 3
"""XLA convolves along so many axes."""


@dataclass(frozen=True)
class Axis:
    """An axis of the image.

    Attributes:
        name: A symbol for it as a whole.
        size: Its length.
        form: The index.
        position: The loop on it that the target has, if there is one.
        inside: The loop on it that is summed, if there is one.
    """

    name: Symbol
    size: int
    form: Affine
    position: Symbol | None
    inside: Symbol | None

    @property
    def is_window(self) -> bool:
        """Whether windows slide along the axis."""
        return len(self.loops) == 2 and min(map(self.form.coefficient, self.loops)) > 0

    @property
    def loops(self) -> Loops:
        """The loops on it."""
        return tuple(loop for loop in (self.position, self.inside) if loop is not None)

    def is_whole(self, sizes: Sizes) -> bool:
        """Tell whether one loop runs over it, or none because there is one entry."""
        length = prod(sizes[loop] for loop in self.loops)
        steps = {self.form.coefficient(loop) for loop in self.loops}
        return steps <= {1} and self.form.constant == 0 and length == self.size

    def border(self, sizes: Sizes) -> tuple[int, int]:
        """Return how many zeros stand before and behind it; fewer than 0 are cut off."""
        reach = sum(self.form.coefficient(s) * (sizes[s] - 1) for s in self.loops)
        return -self.form.constant, reach + self.form.constant - self.size + 1


@dataclass(frozen=True)
class Slide:
    """A sum that is a convolution.

    Attributes:
        image: The factor whose windows are read.
        filters: The other factor.
        axes: The image's axes.
        kinds: The loops that the filters have alone.
    """

    image: Indexed
    filters: Expr
    axes: tuple[Axis, ...]
    kinds: Loops

    @property
    def windows(self) -> tuple[Axis, ...]:
        """The axes along which windows slide."""
        return tuple(axis for axis in self.axes if axis.is_window)

    @property
    def samples(self) -> Loops:
        """The other loops that the image has alone."""
        return _known(axis.position for axis in self.axes if not axis.is_window)

    @property
    def channels(self) -> Loops:
        """The other loops that are summed."""
        return _known(axis.inside for axis in self.axes if not axis.is_window)

    def fits(self, sizes: Sizes) -> bool:
        """Tell whether this is a convolution after all."""
        others = (axis for axis in self.axes if not axis.is_window)
        return 1 <= len(self.windows) <= MOST_AXES and all(axis.is_whole(sizes) for axis in others)

    def written(self, writer: Writer, sizes: Sizes) -> Operand:
        """Return the text of the convolution, over the loops of the target."""
        positions = _known(window.position for window in self.windows)
        insides = _known(window.inside for window in self.windows)
        steps = tuple(w.form.coefficient(s) for w, s in zip(self.windows, positions, strict=True))
        apart = tuple(w.form.coefficient(s) for w, s in zip(self.windows, insides, strict=True))
        border = tuple(window.border(sizes) for window in self.windows)
        filters = elementwise(writer, self.filters, sizes)
        image = self._image(writer.arrays[self.image.base], sizes)
        kernel = _matrices(filters, (self.kinds, self.channels), insides, sizes)
        text = f"correlate({image}, {kernel}, {steps}, {apart}, {border})"
        loops = (*self.samples, *self.kinds, *positions)
        return Operand(f"{text}.reshape({shape_of(loops, sizes)})", loops)

    def _image(self, array: str, sizes: Sizes) -> str:
        long = [axis for axis in self.axes if axis.is_window or axis.loops]
        names = tuple(axis.name if axis.is_window else axis.loops[0] for axis in long)
        whole, shape = tuple(a.size for a in self.axes), tuple(axis.size for axis in long)
        windows = tuple(window.name for window in self.windows)
        lengths = {**sizes, **{window.name: window.size for window in self.windows}}
        operand = Operand(reshaped(array, whole, shape), names)
        return _matrices(operand, (self.samples, self.channels), windows, lengths)


def slide_of(writer: Writer, equation: Equation, value: Expr) -> Operand | None:
    """Return one addend of an equation as a convolution; None if it is not of that form."""
    number, product = value.as_coeff_Mul()
    slide = next(_slides(equation, product), None)
    if slide is None:
        return None
    made = slide.written(writer, equation.sizes)
    return made if number == 1 else Operand(f"{atom(array_code(number))}*{made.text}", made.loops)


def _slides(equation: Equation, product: Expr) -> Iterator[Slide]:
    """Run over the ways in which a product is a convolution."""
    factors = _by_loops(product)
    if len(factors) != 2 or frozenset.union(*factors) != equation.sizes.keys():
        return
    (one, first), (other, second) = factors.items()
    if one ^ other != equation.target.free_symbols & equation.sizes.keys():
        return
    for image, filters, kinds in ((first, second, other - one), (second, first, one - other)):
        if isinstance(image, Indexed) and not _left_out(equation, image):
            axes = _known(_axes(image, equation))
            slide = Slide(image, filters, axes, tuple(s for s in equation.sizes if s in kinds))
            if len(axes) == len(image.indices) and slide.fits(equation.sizes):
                yield slide


def _by_loops(product: Expr) -> dict[frozenset[Symbol], Expr]:
    """Multiply the factors that run over the same loops into one."""
    factors: dict[frozenset[Symbol], Expr] = {}
    for factor in Mul.make_args(product):
        reads = accesses(factor)
        loops = frozenset(s for read in reads for i in read.indices for s in i.free_symbols)
        factors[loops] = factors.get(loops, S.One) * factor
    return factors


def _left_out(equation: Equation, image: Indexed) -> Sequence[object]:
    """Return the guards that say more than what lies outside of image and target."""
    return left(left(equation.guards, equation.target), image)


def _axes(image: Indexed, equation: Equation) -> Iterator[Axis | None]:
    """Run over the axes; for one on which several loops of a kind move there is none."""
    kept, access = equation.target.free_symbols, Access.of(image, equation.sizes)
    for number, (form, size) in enumerate(zip(access.forms, access.shape, strict=True)):
        loops = [loop for loop in equation.sizes if form.coefficient(loop)]
        position = [loop for loop in loops if loop in kept]
        inside = [loop for loop in loops if loop not in kept]
        if len(position) > 1 or len(inside) > 1:
            yield None
        else:
            ends = (next(iter(found), None) for found in (position, inside))
            yield Axis(Symbol(f"axis {number}"), size, form, *ends)


def _known(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(one for one in found if one is not None)


def _matrices(operand: Operand, pair: tuple[Loops, Loops], spatial: Loops, sizes: Sizes) -> str:
    """Return the text of an operand with two axes for a pair of groups of loops, and others."""
    order = (*pair[0], *pair[1], *spatial)
    shape = (*(prod(shape_of(group, sizes)) for group in pair), *shape_of(spatial, sizes))
    return reshaped(operand.over(order), shape_of(order, sizes), shape)
