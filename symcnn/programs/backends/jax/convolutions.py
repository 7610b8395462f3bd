"""Sums of products over windows as convolutions, which are computed without copies of windows.

    z[n, i, k]  = sum over u, c of x[n, s i + d u - p, c] w[u, c, k]       step s, dilation d
    dw[u, c, k] = sum over n, i of x[n, s i + d u - p, c] dz[n, i, k]      step d, dilation s

Both have the same form: the loops that both factors share are summed, and the others are
those of the target. Each axis of x depends on one loop of each kind. Products that go to windows
of their target are one transposed convolution:

    dx[n, s i + d u - p, c]  <-  sum over k of dz[n, i, k] w[u, c, k]      step s, dilation d

Where the windows overlap, terms for one entry are added. What falls outside is left out. A library
has a function for it that makes no copy of all terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from sympy import Expr, Indexed, Symbol

from symcnn.equations import Affine, Equation, by_loops, further_guards
from symcnn.equations.access import Access, shape_of
from symcnn.programs.backends.jax.builder import Builder
from symcnn.programs.backends.jax.einsum import scaled
from symcnn.programs.backends.jax.operands import Loops, Operand, Sizes

CONVOLVED_AXES = 3
"""XLA convolves along so many axes."""


@dataclass(frozen=True)
class Axis:
    """An axis of the image.

    Attributes:
        name: A symbol for it as a whole.
        size: Its length.
        form: The index.
        positions: The loops on it that the target has.
        taps: The loops on it that are summed.
    """

    name: Symbol
    size: int
    form: Affine
    positions: Loops
    taps: Loops

    @property
    def is_window(self) -> bool:
        """Whether windows slide along the axis."""
        pair = len(self.positions) == len(self.taps) == 1
        return pair and min(map(self.form.coefficient, self.loops)) > 0

    @property
    def loops(self) -> Loops:
        """The loops on it."""
        return (*self.positions, *self.taps)

    def is_whole(self, sizes: Sizes) -> bool:
        """Tell whether one loop runs over it, or none because there is one entry."""
        length = prod(sizes[loop] for loop in self.loops)
        steps = [self.form.coefficient(loop) for loop in self.loops]
        return steps in ([], [1]) and self.form.constant == 0 and length == self.size

    def border(self, sizes: Sizes) -> tuple[int, int]:
        """Return the number of zeros before and after it; a negative number crops."""
        reach = sum(self.form.coefficient(s) * (sizes[s] - 1) for s in self.loops)
        return -self.form.constant, reach + self.form.constant - self.size + 1


class Sliding:
    """A product of two factors, along axes on which windows slide and others that are whole."""

    axes: tuple[Axis, ...]

    @property
    def windows(self) -> tuple[Axis, ...]:
        """The axes along which windows slide."""
        return tuple(axis for axis in self.axes if axis.is_window)

    @property
    def samples(self) -> Loops:
        """The loops of positions on the other axes."""
        return tuple(s for axis in self.axes if not axis.is_window for s in axis.positions)

    @property
    def whole_taps(self) -> Loops:
        """The loops of taps on the other axes."""
        return tuple(s for axis in self.axes if not axis.is_window for s in axis.taps)

    @property
    def positions(self) -> Loops:
        """The loops by which windows slide."""
        return tuple(s for window in self.windows for s in window.positions)

    @property
    def taps(self) -> Loops:
        """The loops within windows."""
        return tuple(s for window in self.windows for s in window.taps)

    def steps(self, loops: Loops) -> tuple[int, ...]:
        """Return how far a step of each of these loops is, one of every window."""
        return tuple(w.form.coefficient(s) for w, s in zip(self.windows, loops, strict=True))


@dataclass(frozen=True)
class Convolution(Sliding):
    """A sum that is a convolution.

    Attributes:
        image: The factor whose windows are read.
        filters: The other factor.
        axes: The image's axes.
        features: The loops that the filters have alone.
    """

    image: Indexed
    filters: Expr
    axes: tuple[Axis, ...]
    features: Loops

    @property
    def channels(self) -> Loops:
        """The other loops that are summed."""
        return self.whole_taps

    def fits(self, sizes: Sizes) -> bool:
        """Tell whether this product is a convolution."""
        others = (axis for axis in self.axes if not axis.is_window)
        few = 1 <= len(self.windows) <= CONVOLVED_AXES
        return few and all(axis.is_whole(sizes) for axis in others)

    def written(self, builder: Builder, sizes: Sizes) -> Operand:
        """Return the text of the convolution, over the loops of the target."""
        positions, taps = self.positions, self.taps
        filters = builder.value(self.filters, sizes)
        text = builder.call(
            "correlate",
            self._image(builder.arrays[self.image.base], sizes),
            matrices(filters, (self.features, self.channels), taps, sizes),
            self.steps(positions),
            self.steps(taps),
            tuple(window.border(sizes) for window in self.windows),
        )
        loops = (*self.samples, *self.features, *positions)
        return Operand(f"{text}.reshape({shape_of(loops, sizes)})", loops)

    def _image(self, array: str, sizes: Sizes) -> str:
        """Return the image with two axes for samples and channels, and others for windows."""
        long = [axis for axis in self.axes if axis.is_window or axis.loops]
        names = tuple(axis.name if axis.is_window else axis.loops[0] for axis in long)
        whole, shape = tuple(a.size for a in self.axes), tuple(axis.size for axis in long)
        windows = tuple(window.name for window in self.windows)
        lengths = {**sizes, **{window.name: window.size for window in self.windows}}
        image = Operand(array).reshaped(whole, shape, names)
        return matrices(image, (self.samples, self.channels), windows, lengths)


def convolution_of(builder: Builder, equation: Equation, value: Expr) -> Operand | None:
    """Return one addend of an equation as a convolution; None if it is not of that form."""
    number, product = value.as_coeff_Mul()
    for convolution in _convolutions(equation, product):
        return scaled(builder, number, convolution.written(builder, equation.sizes))
    return None


def _convolutions(equation: Equation, product: Expr) -> Iterator[Convolution]:
    factors = by_loops(product)
    if len(factors) != 2 or frozenset.union(*factors) != equation.sizes.keys():
        return
    (one, first), (other, second) = factors.items()
    if one ^ other != equation.target.free_symbols & equation.sizes.keys():
        return
    for image, filters, features in ((first, second, other - one), (second, first, one - other)):
        if isinstance(image, Indexed):
            loops = tuple(s for s in equation.sizes if s in features)
            found = Convolution(image, filters, tuple(_axes(image, equation)), loops)
            further = further_guards(equation.guards, equation.target, image)
            if found.fits(equation.sizes) and not further:
                yield found


def _axes(image: Indexed, equation: Equation) -> Iterator[Axis]:
    kept, access = equation.target.free_symbols, Access.of(image, equation.sizes)
    for number, (form, size) in enumerate(zip(access.forms, access.shape, strict=True)):
        loops = [loop for loop in access.loops if form.coefficient(loop)]
        positions = tuple(loop for loop in loops if loop in kept)
        taps = tuple(loop for loop in loops if loop not in kept)
        yield Axis(Symbol(f"axis {number}"), size, form, positions, taps)


def matrices(operand: Operand, pair: tuple[Loops, Loops], spatial: Loops, sizes: Sizes) -> str:
    """Return the text of an operand with two axes for a pair of groups of loops, and others."""
    order = (*pair[0], *pair[1], *spatial)
    shape = (*(prod(shape_of(group, sizes)) for group in pair), *shape_of(spatial, sizes))
    return operand.over(order).reshaped(shape_of(order, sizes), shape).text


Factor = tuple[frozenset[Symbol], Expr]
"""The loops of a factor, and what it is."""


@dataclass(frozen=True)
class Spreading(Sliding):
    """A product that is a transposed convolution.

    Attributes:
        signal: The factor with a place for every window.
        filters: The factor with an entry for every place in a window.
        channels: The loops that both have, which are summed.
        axes: The axes of the target.
    """

    signal: Expr
    filters: Expr
    channels: Loops
    axes: tuple[Axis, ...]

    @property
    def features(self) -> Loops:
        """The other loops of the filters."""
        return self.whole_taps

    def fits(self, sizes: Sizes) -> bool:
        """Tell whether this product is one."""
        others = [axis for axis in self.axes if not axis.is_window]
        few = 1 <= len(self.windows) <= CONVOLVED_AXES
        single = all(len(axis.loops) <= 1 and axis.is_whole(sizes) for axis in others)
        return few and single

    def written(self, builder: Builder, sizes: Sizes) -> Operand:
        """Return the text, in the shape of the target."""
        positions, taps = self.positions, self.taps
        signal, filters = builder.value(self.signal, sizes), builder.value(self.filters, sizes)
        text = builder.call(
            "spread",
            matrices(signal, (self.samples, self.channels), positions, sizes),
            matrices(filters, (self.channels, self.features), taps, sizes),
            self.steps(positions),
            self.steps(taps),
            tuple((-low, -high) for low, high in (w.border(sizes) for w in self.windows)),
        )
        lengths = {**sizes, **{window.name: window.size for window in self.windows}}
        loops = (*self.samples, *self.features, *(window.name for window in self.windows))
        made = Operand(f"{text}.reshape({shape_of(loops, lengths)})", loops)
        order = [s for axis in self.axes for s in ([axis.name] if axis.is_window else axis.loops)]
        target = tuple(axis.size for axis in self.axes)
        return made.over(order).reshaped(shape_of(order, lengths), target)


def spreading_of(builder: Builder, equation: Equation, value: Expr) -> Operand | None:
    """Return one addend of an equation in the target's shape; None if it is not of that form."""
    number, product = value.as_coeff_Mul()
    for spreading in _spreadings(equation, product):
        return scaled(builder, number, spreading.written(builder, equation.sizes))
    return None


def _spreadings(equation: Equation, product: Expr) -> Iterator[Spreading]:
    factors = by_loops(product)
    if len(factors) != 2 or frozenset.union(*factors) != equation.sizes.keys():
        return
    first, second = factors.items()
    both = first[0] & second[0]
    if both != equation.sizes.keys() - equation.target.free_symbols:
        return
    if further_guards(equation.guards, equation.target):
        return
    channels = tuple(loop for loop in equation.sizes if loop in both)
    for signal, filters in ((first, second), (second, first)):
        axes = tuple(_axes_of_target(equation, signal))
        found = Spreading(signal[1], filters[1], channels, axes)
        if found.fits(equation.sizes):
            yield found


def _axes_of_target(equation: Equation, signal: Factor) -> Iterator[Axis]:
    access = Access.of(equation.target, equation.sizes)
    for number, (form, size) in enumerate(zip(access.forms, access.shape, strict=True)):
        loops = [loop for loop in access.loops if form.coefficient(loop)]
        positions = tuple(loop for loop in loops if loop in signal[0])
        taps = tuple(loop for loop in loops if loop not in signal[0])
        yield Axis(Symbol(f"axis {number}"), size, form, positions, taps)
