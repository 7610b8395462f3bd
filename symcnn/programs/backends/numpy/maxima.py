"""Maxima over windows, their routings, and logarithms of sums of exponentials.

    y[i] = max over u of t[s i + u]         np.maximum of the phases u, one loop at a time
    R[i, u] = 1 at the first t = y, else 0  t = y, and where more hold, the first is kept
    log of sum of exp(t)                    m + log(sum of exp(t - m)), m the largest t,
                                            and 0 where the terms are shifted already

Ties are rare, and counting is quick: there are as many maximisers as windows, or a tie. No
exponent is positive, and one is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sympy import Indexed, Symbol

from symcnn.derivation import Routing
from symcnn.equations import Equation, Largest, LogSumExp, Max, accesses, further_guards, is_maximum
from symcnn.programs.backends.numpy.entrywise import over_loops, sizes_of
from symcnn.programs.backends.numpy.layout import Layout, Layouts, Target, reading
from symcnn.programs.backends.numpy.statements import Apply, Copy, KeepFirst, Reduce, Statement
from symcnn.programs.backends.numpy.strided import Strided, add_up, dense, over_all

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
    value = equation.value
    plain = isinstance(value, Indexed) and not further_guards(equation.guards, value)
    if not is_maximum(equation) or not plain:
        return None
    found = _read(layouts, equation, "-np.inf")
    return found and Maximum(found[0][value], found[1])


def _read(
    layouts: Layouts, equation: Equation, fill: str
) -> tuple[dict[Indexed, Strided], Strided] | None:
    """Return what is read over all loops, and the target; None unless each entry is made once."""
    target = Target.of(layouts, equation)
    if not target.is_whole:
        return None
    reads = {r: reading(layouts, r, equation.sizes, fill) for r in accesses(equation.value)}
    is_over_all = sizes_of(reads).keys() == equation.sizes.keys()
    return (reads, target.access) if reads and is_over_all else None


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
    """Return what computes the routing, if the maximum is of this form."""
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


def logarithms(layouts: Layouts, equation: Equation) -> Iterator[Statement] | None:
    """Return what computes the logarithms, if each has its own entry of the target.

    The largest terms by which they are shifted have the same form.
    """
    if not isinstance(equation.reduction, LogSumExp | Largest):
        return None
    if equation.guards or (found := _read(layouts, equation, "0")) is None:
        return None
    terms, computed = over_loops(equation.value, found[0], "terms")
    return chain(computed, _logarithms(equation, terms, found[1]))


def _logarithms(equation: Equation, terms: Strided, out: Strided) -> Iterator[Statement]:
    """Return m + log(sum of exp(t - m)), each step in an array of its own."""
    reduced = tuple(loop.symbol for loop in equation.reduced)
    shifted = equation.reduction == LogSumExp(shifted=True)
    if isinstance(equation.reduction, Largest):
        yield add_up("np.maximum", terms, reduced, out)
        return
    order, kept = terms.in_memory, [s for s in terms.in_memory if s not in reduced]
    largest = dense(kept, terms.sizes, out.array, "_largest")
    powers = dense(order, terms.sizes, out.array, "_powers")
    exponents, place = terms.over(order), out.over(kept)
    if not shifted:
        yield add_up("np.maximum", terms, reduced, largest)
        above = largest.over(order, largest.array, "_of_sum")
        yield Apply("np.subtract", (exponents, above), powers.array.all)
        exponents = powers.array.all
    yield Apply("np.exp", (exponents,), powers.array.all)
    yield add_up("np.add", powers, reduced, out)
    yield Apply("np.log", (place,), place)
    if not shifted:
        yield Apply("np.add", (place, largest.array.all), place)
