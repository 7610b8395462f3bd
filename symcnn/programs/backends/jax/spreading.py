"""Products that go to windows of their target, as one transposed convolution.

    dx[n, s i + d u - p, c]  <-  sum over k of dz[n, i, k] w[u, c, k]      step s, dilation d

Where the windows overlap, terms for one entry are added. What falls outside is left out. A library
has a function for it that makes no copy of all terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, Symbol

from symcnn.equations import Equation, by_loops, further_guards
from symcnn.equations.access import Access, shape_of
from symcnn.programs.backends.jax.builder import Builder
from symcnn.programs.backends.jax.convolutions import CONVOLVED_AXES, Axis, Sliding, matrices
from symcnn.programs.backends.jax.einsum import scaled
from symcnn.programs.backends.jax.operands import Loops, Operand, Sizes

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
        axes = tuple(_axes(equation, signal))
        found = Spreading(signal[1], filters[1], channels, axes)
        if found.fits(equation.sizes):
            yield found


def _axes(equation: Equation, signal: Factor) -> Iterator[Axis]:
    access = Access.of(equation.target, equation.sizes)
    for number, (form, size) in enumerate(zip(access.forms, access.shape, strict=True)):
        loops = [loop for loop in access.loops if form.coefficient(loop)]
        positions = tuple(loop for loop in loops if loop in signal[0])
        taps = tuple(loop for loop in loops if loop not in signal[0])
        yield Axis(Symbol(f"axis {number}"), size, form, positions, taps)
