"""Loops that conditions determine, q = floor(e/m) for 0 <= e - m q < m, and conditions said once.

So are quotients and remainders written with affine indices (``equations/expressions``); on paper
x[e - m q] is x[e mod m], without a sum over q:

    e - m floor(e/m)  =  e mod m        e + m floor((m - 1 - e)/m)  =  e mod m

Several conditions on one index, 0 <= e < n and 0 <= 3 - e < m, become one.
What is certain whatever indices are is tried, or for letters proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import prod

from sympy import Expr, Indexed, Integer, Max, Min, Mod, Mul, Sum, Symbol, ceiling, floor

from symcnn import limits
from symcnn.equations import Equation, Guard, Loop, accesses, affine, every, long
from symcnn.equations.functions import Iverson
from symcnn.equations.sizes import Size, is_at_least, is_made_of_sizes, is_size, is_symbolic


def with_remainders(expression: Expr) -> Expr:
    """Return an expression whose accesses have remainders in place of such floors."""
    reads = (read for read in accesses(expression) if read.atoms(floor))
    return expression.xreplace({read: _rewritten(read) for read in reads})


def _rewritten(read: Indexed) -> Indexed:
    return read.base[tuple(map(_remainder, read.indices))]


def _remainder(index: Expr) -> Expr:
    """Return an index as e mod m plus a multiple of m, if it is one."""
    for rounded in index.atoms(floor):
        factor = index.coeff(rounded)
        rest = (index - factor * rounded).expand()
        is_added = bool(factor.is_positive)
        modulus = factor if is_added else -factor
        if not modulus.is_positive or modulus == 1:
            continue
        dividend = (modulus * rounded.args[0]).expand()
        shift = dividend + rest - (modulus - 1) if is_added else dividend - rest
        shift = shift.expand()
        if rest.has(floor):
            continue
        if is_symbolic(modulus) and shift == 0:
            return Mod(rest, modulus, evaluate=False)
        if shift.is_Integer and (shift / modulus).is_Integer:
            return Mod(rest, modulus) + (shift if is_added else -shift)
    return index


def with_empty_sums(expression: Expr) -> Expr:
    """Return a general form in letters without the brackets that only say that sums have terms.

    SymPy reads a sum from m to n < m as minus the one between its limits, so there is a bracket
    [m <= n] before a sum that may have no terms. On paper it is 0.
    """
    if not any(map(is_size, expression.free_symbols)):
        return expression
    return _without_brackets(expression)


def _without_brackets(expression: Expr) -> Expr:
    if not expression.has(Sum):
        return expression
    if isinstance(expression, Mul):
        sums = [factor for factor in expression.args if isinstance(factor, Sum)]
        implied = {low <= high for total in sums for _, low, high in total.limits}
        kept = (f for f in expression.args if not (isinstance(f, Iverson) and implied >= {*f.args}))
        return Mul(*map(_without_brackets, kept))
    parts = (
        _without_brackets(part) if isinstance(part, Expr) else part for part in expression.args
    )
    return expression.func(*parts)


def hidden_guards(equation: Equation) -> tuple[Guard, ...]:
    """Return the guards of indices that are not written: those of axes of length 1."""
    written = {
        index
        for read in accesses(equation.value)
        for index, size in zip(read.indices, read.shape, strict=True)
        if size != 1
    }
    return tuple(guard for guard in equation.guards if guard.expression not in written)


def has_own_limits(equation: Equation) -> bool:
    """Tell whether guards that no subscript shows limit a sum by the indices of its entry.

    They become its limits: the mean of a window from floor(i H/A) on, the keys up to a query.
    """
    of_entry, reduced = equation.target.free_symbols, {e.symbol for e in long(equation.reduced)}
    hidden = [guard.expression.free_symbols for guard in hidden_guards(equation)]
    return bool(hidden) and all(len(s & reduced) == 1 and s <= reduced | of_entry for s in hidden)


def determined(equation: Equation) -> Equation:
    """Return an equation to be printed: without the loops that its guards determine.

    Its indices may be quotients and remainders.
    """
    for guard in equation.guards:
        found = _solved(equation, guard)
        if found is not None:
            return determined(_without(equation, guard, *found))
    return replace(equation, value=with_remainders(equation.value))


def determining(equation: Equation) -> tuple[Guard, ...]:
    """Return the guards that determine a loop, each alone."""
    return tuple(guard for guard in equation.guards if _solved(equation, guard) is not None)


def _solved(equation: Equation, guard: Guard) -> tuple[Symbol, Expr] | None:
    """Return a reduced loop to which a guard leaves one value, inside its range, and that value."""
    if not all(map(is_made_of_sizes, guard.expression.atoms(floor))):
        return None
    form = affine(guard.expression)
    for loop in long(equation.reduced):
        factor = form.coefficient(loop.symbol)
        others = [other.expression for other in equation.guards if other != guard]
        if -factor != guard.size or guard.size == 1:
            continue
        if any(loop.symbol in other.free_symbols for other in others):
            continue
        dividend = (guard.expression - factor * loop.symbol).expand()
        solution = floor((dividend / guard.size).expand())
        if certain(solution, loop.size, equation.sizes):
            return loop.symbol, solution
    return None


def _without(equation: Equation, guard: Guard, loop: Symbol, solution: Expr) -> Equation:
    put = {loop: solution}
    reads = {
        read: read.base[tuple(index.xreplace(put).expand() for index in read.indices)]
        for read in accesses(equation.value)
        if loop in read.free_symbols
    }
    return replace(
        equation,
        value=equation.value.xreplace(reads),
        loops=tuple(own for own in equation.loops if own.symbol != loop),
        guards=tuple(other for other in equation.guards if other != guard),
    )


Range = tuple[Expr, Size]
"""An expression and a number: 0 <= e < n, or that n divides e."""


def merged(ranges: Iterable[Range]) -> list[Range]:
    """Say once what several conditions say of one index, counted upwards or downwards."""
    groups: dict[Expr, list[Range]] = {}
    for expression, size in ranges:
        groups.setdefault(_upwards(expression)[0], []).append((expression, size))
    together = (
        own if len(own) == 1 or any(is_symbolic(n) for _, n in own) else [_together(index, own)]
        for index, own in groups.items()
    )
    return [one for own in together for one in own]


def _together(index: Expr, ranges: Iterable[Range]) -> Range:
    """Return the one range of an index that several conditions leave."""
    bounds = [
        (-shift, size - 1 - shift) if sign > 0 else (shift - size + 1, shift)
        for expression, size in ranges
        for _, shift, sign in [_upwards(expression)]
    ]
    low, high = max(low for low, _ in bounds), min(high for _, high in bounds)
    return index - low, max(high - low + 1, 0)


def _upwards(expression: Expr) -> tuple[Expr, int, int]:
    """Write an index as sign * index + shift, the first of its factors positive."""
    shift, rest = expression.as_coeff_Add()
    sign = -1 if rest.could_extract_minus_sign() else 1
    return sign * rest, int(shift), sign


def certain(expression: Expr, size: Size, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether 0 <= expression < size certainly holds.

    Args:
        expression: An index.
        size: What it is compared with.
        sizes: How many values each index in it takes, from 0 on.
    """
    above = never_below(expression, 0, sizes)
    return above and never_below(size - 1 - expression, 0, sizes)


def never_below(expression: Expr, least: int, sizes: Mapping[Symbol, Size]) -> bool:
    """Tell whether an index is certainly at least a number."""
    ranges = {s: sizes[s] for s in expression.free_symbols if s in sizes}
    if any(map(is_size, expression.free_symbols)) or any(map(is_symbolic, ranges.values())):
        return is_at_least(expression, least, sizes)
    bounds = _bounds(expression, ranges)
    return bounds is not None and bounds[0] >= least


def _bounds(e: Expr, sizes: Mapping[Symbol, int]) -> tuple[int, int] | None:
    """Return the least and the greatest value of an index, trying all cases where it has floors."""
    if e.is_Integer:
        return int(e), int(e)
    if not e.has(floor, ceiling, Max, Min):
        return affine(e).bounds(sizes)
    if prod(sizes.values()) > limits.GATHERED_CASES:
        return None
    cases = every([Loop(s, sizes[s]) for s in sorted(sizes, key=str)])
    values = [int(e.xreplace({s: Integer(n) for s, n in case.items()})) for case in cases]
    return min(values), max(values)
