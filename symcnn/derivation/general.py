r"""General formulas: one line for all entries of a tensor.

Forward, an equation is read as it stands: T[i, k] = sum over the other loops of its
value; where an index leaves its tensor the term counts as 0. If several assignments of the
target's own loops can reach an entry, as in a transposed convolution, or none, what the
entry collects is shown instead, its gather form. Backward it always is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, product
from math import gcd

from sympy import Eq, Expr, Ge, Indexed, Le, Mul, S, Symbol, exp, expand_mul, log
from sympy import Sum as SymbolicSum
from sympy.core.relational import Relational

from symcnn.derivation.derived import Derived
from symcnn.derivation.entries import Entries, LongEntries
from symcnn.derivation.gather import gather
from symcnn.derivation.index_conditions import (
    determined,
    has_own_limits,
    hidden_guards,
    with_empty_sums,
)
from symcnn.equations import (
    SUM,
    Equation,
    Guard,
    LogSumExp,
    Loop,
    accesses,
    affine,
    as_sum,
    further_guards,
    is_maximum,
    long,
    loops_over,
    units,
)
from symcnn.equations.access import Access
from symcnn.equations.assignments import every
from symcnn.equations.functions import Iverson, maximum, merged
from symcnn.equations.index_letters import with_loops
from symcnn.equations.notation import index, spare_letters
from symcnn.equations.rewriting import settled
from symcnn.equations.sizes import is_at_least
from symcnn.writing.lettering import taken_letters

# Conditions that an entry carries are not said beside it.


def shortened(expression: Expr, equations: Sequence[Equation]) -> Expr:
    """Return products without the conditions outside of which one of their entries is 0."""
    guarded = {e.target.base: e for e in equations if e.guards and not e.reduced}
    if not any(read.base in guarded for read in expression.atoms(Indexed)):
        return expression

    def without(product: Expr) -> Expr:
        entries = [f for f in product.args if isinstance(f, Indexed) and f.base in guarded]
        carried = {c for entry in entries for c in _carried(guarded[entry.base], entry)}
        return Mul(*(_kept(f, carried) if isinstance(f, Iverson) else f for f in product.args))

    return expression.replace(lambda part: isinstance(part, Mul), without)


def _carried(equation: Equation, entry: Indexed) -> Iterator[Expr]:
    """Run over what is not negative where an entry is not 0."""
    if not all(index.is_Symbol for index in equation.target.indices):
        return
    at = dict(zip(equation.target.indices, entry.indices, strict=True))
    for guard in equation.guards:
        index = guard.expression.xreplace(at)
        yield from (index.expand(), (guard.size - 1 - index).expand())


def _kept(bracket: Iverson, carried: set[Expr]) -> Expr:
    return Iverson(*(c for c in bracket.args if _never_negative(c) not in carried))


def _never_negative(condition: Relational) -> Expr | None:
    """Return what a comparison says not to be negative."""
    return (condition.gts - condition.lts).expand() if isinstance(condition, Ge | Le) else None


_CASES = 4

Case = dict[Symbol, int]
"""Values of free indices."""


@dataclass(frozen=True)
class General:
    """left = right for all values of the free indices.

    Attributes:
        left: The entry, with free indices.
        right: What it equals; for a maximum the term that is maximised.
        free: The free indices with their ranges.
        checked: ``right`` with the brackets that a sentence states in its place.
        window: The loops of a maximum.
        inside: 1 where a term of a maximum takes part, else 0.
        conditions: What of that no subscript of the term shows.
    """

    left: Indexed
    right: Expr
    free: tuple[Loop, ...]
    checked: Expr
    window: tuple[Loop, ...] = ()
    inside: Expr = S.One
    conditions: tuple[Relational, ...] = ()

    @property
    def written(self) -> Expr:
        """``right`` as it is printed: a sum without terms is 0, and no bracket says so."""
        return with_empty_sums(self.right)

    def at(self, entries: Entries, position: Sequence[int]) -> Expr:
        """Return the right side at an entry, as one sum of terms in entries."""
        return expand_mul(self.factored_at(entries, position))

    def factored_at(self, entries: Entries, position: Sequence[int]) -> Expr:
        """Return the right side at an entry, as a product if it is one."""
        axes = zip(self.left.indices, position, strict=True)
        right = entries.general(self.checked)({axis: n for axis, n in axes if axis.is_Symbol})
        return Mul(*map(expand_mul, Mul.make_args(right)))

    def claimed(self, entries: LongEntries) -> tuple[dict[Expr, Case], Callable[[Expr], Expr]]:
        """Return a few entries of the left side, and what gives the right side at each."""
        term = self.right if self.window else self.checked
        left, right, inside = map(entries.checked, (self.left, term, self.inside))
        cases = {left(case): case for case in self._cases()}

        def right_of(entry: Expr) -> Expr:
            if not self.window:
                return right(cases[entry])
            places = ({**cases[entry], **place} for place in every(self.window))
            return maximum(*(right(place) for place in places if inside(place) == 1))

        return cases, right_of

    def _cases(self) -> Iterator[Case]:
        """Choose a few values of the free indices, spread over their ranges."""
        ranges = [sorted({0, loop.size // 2, loop.size - 1}) for loop in self.free]
        spread = list(product(*ranges))
        # a stride that has no divisor in common with their number stays on no index
        stride = next(n for n in count(max(1, len(spread) // _CASES)) if gcd(n, len(spread)) == 1)
        symbols = [loop.symbol for loop in self.free]
        for n in range(min(_CASES + 1, len(spread))):
            yield dict(zip(symbols, spread[n * stride % len(spread)], strict=True))


def put_in(derivation: Derived, right: Expr, read: Indexed, behind: General) -> Expr:
    """Put a general form in place of an entry; its sums get letters that nothing else has."""
    bound = {s for total in behind.right.atoms(SymbolicSum) for s, *_ in total.limits}
    indices = {s.name for s in right.free_symbols | read.free_symbols | bound}
    taken = taken_letters(derivation.network) | indices
    fresh = zip(sorted(bound, key=str), map(index, spare_letters(taken)), strict=False)
    at = dict(zip(behind.left.indices, read.indices, strict=True))
    return right.xreplace({read: behind.right.xreplace({**dict(fresh), **at})})


def forward_form(derivation: Derived, equations: Sequence[Equation]) -> General:
    """Return the general formula of the tensor that the equations define."""
    first = equations[0]
    if is_maximum(first):
        return _maximum(derivation, first)
    if _is_for_every_entry(equations) and not any(map(has_own_limits, equations)):
        axes = derivation.tensors[first.target.base].indices
        own = [determined(settled(equation)) for equation in equations]
        return _as_it_stands([_by_axes(equation, axes) for equation in own])
    free = derivation.free_indices(derivation.tensors[first.target.base].indices, equations)
    collected = sum((_collected(e, free) for e in equations), S.Zero)
    return gathered_form(first.target.base[free], collected)


def equations_form(equations: Sequence[Equation], entry: Indexed, collected: Expr) -> General:
    """Return the general formula of sums: as they stand, if they are for every entry.

    Args:
        equations: The sums.
        entry: The target with free indices.
        collected: What that collects.
    """
    if _is_for_every_entry(equations):
        return _as_it_stands(list(map(settled, equations)))
    return gathered_form(entry, collected)


def backward_form(derivation: Derived, name: str) -> General:
    """Return the general formula of dL/dT."""
    free = derivation.indices(name)
    adjoint = derivation.adjoints[name]
    collected = derivation.partial(name)
    return gathered_form(adjoint[free], shortened(collected, derivation.network.equations))


def gathered_form(left: Indexed, right: Expr) -> General:
    """Return what an entry with free indices collects as a general formula."""
    axes = loops_over(left)
    return General(left.xreplace(units(axes)), right, long(axes), right)


def _collected(equation: Equation, free: tuple[Symbol, ...]) -> Expr:
    """Return what an entry collects by its reduction: log-sum-exp is the logarithm of a sum."""
    if isinstance(equation.reduction, LogSumExp):
        return log(gather(replace(equation, value=exp(equation.value), reduction=SUM), free))
    return gather(as_sum(equation), free)


def _as_it_stands(equations: Sequence[Equation]) -> General:
    """Read an equation as it is written; guards that no subscript shows become a bracket."""
    first = equations[0]
    left, free = _own_indices(first)
    values = [e.value.xreplace(units(e.loops)) for e in equations]
    pairs = [*zip(equations, values, strict=True)]
    right = sum(_reduced(e, value, hidden_guards(e)) for e, value in pairs)
    checked = sum(_reduced(e, value, e.guards) for e, value in pairs)
    return General(left, right, free, checked)


def _maximum(derivation: Derived, equation: Equation) -> General:
    """Return the maximum over the terms of an entry: a window's, or all that lead to it."""
    if not _is_for_every_entry([equation]):
        axes = derivation.tensors[equation.target.base].indices
        return _maximum_of_all(equation, derivation.free_indices(axes, [equation]))
    equation = determined(settled(equation))
    left, free = _own_indices(equation)
    return _over(equation, left, free, long(equation.reduced), [])


def _maximum_of_all(equation: Equation, own: tuple[Symbol, ...]) -> General:
    """Say by conditions which terms lead to an entry, where they come from several places."""
    entry = equation.target.base[own]
    left = entry.xreplace(units(loops_over(entry)))
    target = equation.target.xreplace(units(equation.loops))
    pairs = zip(target.indices, left.indices, strict=True)
    reached = [Eq(index, axis) for index, axis in pairs if index != axis]
    inside = further_guards(equation.guards, equation.target)
    free = long(loops_over(entry))
    window = tuple(loop for loop in long(equation.loops) if loop.symbol not in left.indices)
    return _over(replace(equation, guards=tuple(inside)), left, free, window, reached)


def _over(
    equation: Equation,
    left: Indexed,
    free: tuple[Loop, ...],
    window: tuple[Loop, ...],
    reached: Sequence[Relational],
) -> General:
    """Return the maximum of an equation's value over loops, where all conditions hold."""
    value = equation.value.xreplace(units(equation.loops))
    inside, unseen = (
        Iverson(*reached, *conditions(equation, g))
        for g in (equation.guards, hidden_guards(equation))
    )
    return General(left, value, free, inside * value, window, inside, unseen.args)


def _by_axes(equation: Equation, axes: Sequence[Symbol]) -> Equation:
    """Return an equation whose target has the letters of its axes, where these are free.

    Group g of filters is filter k where a group has one filter.
    """
    loops = {loop.symbol for loop in equation.loops}
    indices = equation.target.xreplace(units(equation.loops)).indices
    pairs = zip(indices, axes, strict=True)
    return with_loops(equation, {i: own for i, own in pairs if i.is_Symbol and own not in loops})


def _own_indices(equation: Equation) -> tuple[Indexed, tuple[Loop, ...]]:
    kept = [loop for loop in long(equation.loops) if loop not in equation.reduced]
    if not all(index.is_Symbol or index.is_Integer for index in equation.target.indices):
        read = [i.name for a in accesses(equation.value) for i in a.indices if i.is_Symbol]
        kept.sort(key=lambda loop: [*read, loop.symbol.name].index(loop.symbol.name))
    return equation.target.xreplace(units(equation.loops)), tuple(kept)


def _reduced(equation: Equation, value: Expr, guards: Sequence[Guard]) -> Expr:
    """Reduce over the loops; whichever reduction it is, a single term is left as it is."""
    inside = Iverson(*conditions(equation, guards))
    limits = [(loop.symbol, 0, loop.size - 1) for loop in reversed(long(equation.reduced))]
    if not limits:
        return merged(inside * value)
    if isinstance(equation.reduction, LogSumExp):
        return log(SUM.over(inside * exp(value), limits))
    return equation.reduction.over(merged(inside * value), limits)


def conditions(equation: Equation, guards: Iterable[Guard]) -> Iterator[Relational]:
    """Run over the conditions that guards state, but for those that hold at all indices."""
    for guard in guards:
        index = guard.expression.xreplace(units(equation.loops))
        bounds = affine(index).bounds(equation.sizes)
        if guard.size == 1:
            yield Eq(index, 0)
            continue
        if bounds is None or not is_at_least(bounds[0], 0, equation.sizes):
            yield index >= 0
        if bounds is None or not is_at_least(guard.size - 1 - bounds[1], 0, equation.sizes):
            yield index <= guard.size - 1


def _is_for_every_entry(equations: Sequence[Equation]) -> bool:
    """Tell whether the target as it is written stands for each entry of its tensor once.

    z[i, j] does, and z[2 i + u] with u < 2; where kernels overlap or are cropped,
    z[i + u - 1] does not: several assignments reach an entry, or one reaches none.
    """
    first, *others = equations
    alone = all(equation.target == first.target for equation in others)
    return alone and Access.of(first.target, first.sizes).reshaped is not None
