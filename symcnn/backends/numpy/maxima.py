"""Maxima over windows, and who answers for them.

    y[i] = max over u of t[s i + u]         np.maximum of the phases u, one loop at a time
    R[i, u] = 1 at the first t = y, else 0  t = y, and where more hold, the first is kept

Ties are rare, and counting is quick: there are as many maximisers as windows, or a tie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Indexed, Symbol

from symcnn.backends.numpy.layout import Layout, Layouts, outside, reading, strided
from symcnn.backends.numpy.statements import Apply, Copy, KeepFirst, Reduce, Statement
from symcnn.backends.numpy.strided import Strided, dense, over_all
from symcnn.derivation import Routing
from symcnn.equations import Equation, Max, further_guards, is_maximum

_PAIRED_PHASES = 4
"""Up to so many phases np.maximum on pairs is quicker than its reduction."""


@dataclass(frozen=True)
class Maximum:
    """A maximum of one tensor's entries, each with its own entry of the target.

    Attributes:
        terms: The terms, over all loops.
        out: The maxima, over the loops that the target has.
    """

    terms: Strided
    out: Strided


def maximum_of(layouts: Layouts, equation: Equation) -> Maximum | None:
    """Return an equation as such a maximum, if it is one."""
    if not is_maximum(equation) or not _is_plain(equation):
        return None
    target = layouts[equation.target.base]
    out = strided(target, equation.target, equation.sizes)
    terms = reading(layouts, equation.value, equation.sizes, "-np.inf")
    fills = out.is_injective and out.size == target.array.size
    return Maximum(terms, out) if fills and terms.sizes.keys() == equation.sizes.keys() else None


def maxima(layouts: Layouts, equation: Equation) -> Iterator[Statement] | None:
    """Return what computes an equation's maxima, if it is of this form."""
    found = maximum_of(layouts, equation)
    if found is None:
        return None
    reduced = [s for s in found.terms.in_memory if s not in found.out.sizes]
    return _maximum(found.terms, reduced, found.out)


def layout_of_routing(layouts: Layouts, routing: Routing, source: Equation) -> Layout | None:
    """Return where R lies, which is as the terms do, if the maximum is of this form."""
    found = maximum_of(layouts, source)
    if found is None:
        return None
    first = source.reduction == Max("first")
    chosen = dense(found.terms.in_memory, found.terms.sizes, routing.tensor.label, truth=first)
    steps = tuple(chosen.steps.get(loop, 0) for loop in routing.entry.indices)
    return Layout(chosen.array, routing.tensor.shape, steps)


def routed(layouts: Layouts, routing: Routing, source: Equation) -> Iterator[Statement] | None:
    """Return what computes who answers, if the maximum is of this form."""
    found = maximum_of(layouts, source)
    return None if found is None else _routed(layouts[routing.tensor.base], found, source)


def _routed(layout: Layout, found: Maximum, source: Equation) -> Iterator[Statement]:
    """Mark the terms that are equal to their maximum, then let the first or all answer."""
    terms, out, order = found.terms, found.out, found.terms.in_memory
    chosen = over_all(layout.array, order)
    windows = terms.over(order, terms.array, "_windows")
    largest = out.over(order, out.array, "_at_", terms.array)
    yield Apply("np.equal", (windows, largest), layout.array.all)
    axes = tuple(order.index(loop.symbol) for loop in source.reduced)
    if axes and source.reduction == Max("first"):
        yield KeepFirst(layout.array.all, axes, out.size)
    elif axes:
        yield from _shares(chosen, axes)


def _maximum(terms: Strided, reduced: Sequence[Symbol], out: Strided) -> Iterator[Statement]:
    """Take the maximum over one loop after the other, the farthest apart first."""
    if not reduced:
        yield Copy(out.over(out.in_memory), terms.over(out.in_memory))
        return
    loop, *others = reduced
    order = [s for s in terms.in_memory if s != loop]
    made = dense(order, terms.sizes, out.array, "_halfway") if others else out
    if terms.sizes[loop] <= _PAIRED_PHASES:
        yield from _by_phases(terms, loop, made)
    else:
        source = terms.over(terms.in_memory, terms.array, "_terms")
        yield Reduce("np.maximum", source, (terms.in_memory.index(loop),), made.over(order))
    if others:
        yield from _maximum(made, others, out)


def _by_phases(terms: Strided, loop: Symbol, made: Strided) -> Iterator[Statement]:
    """Take the maximum of two terms after the other, each over all windows at once."""
    order = made.in_memory
    place = made.over(order)
    largest, *phases = (
        terms.at({loop: n}).over(order, terms.array, f"_{loop}{n}")
        for n in range(terms.sizes[loop])
    )
    for phase in phases:
        yield Apply("np.maximum", (largest, phase), place)
        largest = place


def _shares(chosen: Strided, axes: tuple[int, ...]) -> Iterator[Statement]:
    """Give equal maximisers equal shares."""
    order = chosen.in_memory
    kept = [s for axis, s in enumerate(order) if axis not in axes]
    count = dense(kept, chosen.sizes, "count")
    yield Reduce("np.add", chosen.array.all, axes, count.array.all)
    shares = count.over(order, "count_of_window")
    yield Apply("np.divide", (chosen.array.all, shares), chosen.array.all)


def _is_plain(equation: Equation) -> bool:
    """Tell whether the terms are entries of a tensor that padding alone leaves out."""
    if not isinstance(equation.value, Indexed):
        return False
    inside = not any(map(any, outside(equation.target, equation.sizes)))
    return inside and not further_guards(equation.guards, equation.value)
