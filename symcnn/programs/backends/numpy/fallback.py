"""The fallback: any equation, term by term.

    t[n] = value of the n-th loop assignment that the guards let through
    T[e(n)] += t[n],   or the larger of both

Only the assignments that count are enumerated, so nothing is read outside of a tensor. An
entry that many terms go to takes them one by one, which is slow; the patterns leave little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Indexed, Symbol

from symcnn.derivation import Routing
from symcnn.equations import (
    Assignments,
    Equation,
    LogSumExp,
    Max,
    accesses,
    as_sum,
    is_maximum,
    units,
)
from symcnn.programs.backends.numpy.arrays import Array, Positions
from symcnn.programs.backends.numpy.entrywise import evaluate
from symcnn.programs.backends.numpy.layout import Layouts, bring, positions
from symcnn.programs.backends.numpy.statements import Apply, At, Fill, KeepFirstAt, Statement, Take
from symcnn.programs.backends.numpy.strided import Strided, dense, over_all

_TERM = Symbol("term")


@dataclass(frozen=True)
class _Terms:
    """The terms of an equation, one behind the other.

    Attributes:
        values: An array for the terms.
        result: An array for what they come to, in the layout of the target.
        places: The entries of the result that they go to.
    """

    values: Array
    result: Array
    places: Positions

    @classmethod
    def of(cls, layouts: Layouts, equation: Equation) -> _Terms:
        """Return the terms; the same arrays for the same equation."""
        target = layouts[equation.target.base]
        count = Assignments(equation).count
        values = Array(("terms",), (count,), ("term",), key=("terms", equation))
        result = replace(_like(target.array, "share"), key=("result", equation))
        return cls(values, result, positions(target, equation.target, equation))

    def combined(
        self, function: str, empty: str, values: Array, out: Array, places: Positions | None = None
    ) -> Iterator[Statement]:
        """Bring one value for each term to its place in an array."""
        yield Fill(out.all, empty)
        yield At(function, out.flat, places or self.places, values.all)

    def taken(self, array: Array) -> Take:
        """Return the entries of an array that the terms go to, one for each term."""
        return Take(array.flat, self.places, _like(self.values, "taken").all)


def _like(array: Array, word: str) -> Array:
    """Return another array of this form, with a word behind its name."""
    return Array((array, f"_{word}"), array.shape)


def term_by_term(layouts: Layouts, equation: Equation, *, fresh: bool) -> Iterator[Statement]:
    """Return what an equation adds to its target, which holds nothing yet if it is fresh."""
    equation = as_sum(equation)
    terms, target = _Terms.of(layouts, equation), layouts[equation.target.base].array
    values = over_all(terms.values, [_TERM])
    reads: dict[Indexed, Strided] = {}
    for read in accesses(equation.value):
        layout = layouts[read.base]
        reads[read] = dense([_TERM], values.sizes, layout.array, "_taken")
        taken = reads[read].array.all
        yield Take(layout.array.flat, positions(layout, read, equation), taken)
    yield from evaluate(equation.value, reads, values)
    if is_maximum(equation):
        yield from terms.combined("np.maximum", "-np.inf", terms.values, terms.result)
    elif isinstance(equation.reduction, LogSumExp):
        yield from _log_of_sum(terms)
    else:
        yield from terms.combined("np.add", "0", terms.values, terms.result)
    yield bring(terms.result.all, target.all, None if fresh else "np.add")


def routed_term_by_term(
    layouts: Layouts, routing: Routing, source: Equation
) -> Iterator[Statement]:
    """Return what computes the routing of a maximum that is computed term by term."""
    terms, out = _Terms.of(layouts, source), layouts[routing.tensor.base]
    is_first = source.reduction == Max("first")
    chosen = replace(_like(terms.values, "chosen"), truth=is_first)
    largest = terms.taken(terms.result)
    yield largest
    yield Apply("np.equal", (terms.values.all, largest.out), chosen.all)
    if is_first:
        yield KeepFirstAt(chosen.all, terms.places)
    else:
        count = _like(terms.result, "count")
        yield from terms.combined("np.add", "0", chosen, count)
        shared = terms.taken(count)
        yield shared
        yield Apply("np.divide", (chosen.all, shared.out), chosen.all)
    entry = routing.entry.xreplace(units(routing.source.loops))
    yield from terms.combined("np.add", "0", chosen, out.array, positions(out, entry, source))


def _log_of_sum(terms: _Terms) -> Iterator[Statement]:
    """Take the largest term out: then no exponent is positive, and one is 0."""
    largest, result = _like(terms.result, "largest"), terms.result.all
    yield from terms.combined("np.maximum", "-np.inf", terms.values, largest)
    powers = terms.taken(largest)
    yield powers
    yield Apply("np.subtract", (terms.values.all, powers.out), powers.out)
    yield Apply("np.exp", (powers.out,), terms.values.all)
    yield from terms.combined("np.add", "0", terms.values, terms.result)
    yield Apply("np.log", (result,), result)
    yield Apply("np.add", (result, largest.all), result)
