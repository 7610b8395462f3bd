"""What a general form collects, as a set of integer points in isl's notation.

isl decides with exact integer arithmetic whether two such sets are equal for all values of
their parameters, sizes included.
"""

from collections.abc import Iterator
from math import lcm

from sympy import (
    Add,
    Expr,
    Indexed,
    Max,
    Min,
    Mod,
    Mul,
    Rational,
    Sum,
    Symbol,
    ceiling,
    floor,
    sympify,
)

from symcnn.equations.functions import Iverson


def scattered(equation, free, letters):
    """The loop assignments that lead to the entry ``free`` of the target, as isl reads them."""
    loops = equation.value.indices
    ranges = [f"0 <= {loop.symbol} <= {text(loop.size - 1)}" for loop in equation.loops]
    reached = [
        f"{text(position)} = {axis}"
        for position, axis in zip(equation.target.indices, free, strict=True)
    ]
    guarded = [f"0 <= {text(g.expression)} <= {text(g.size - 1)}" for g in equation.guards]
    every = " and ".join(ranges + reached + guarded)
    return f"{head(letters, free)} {{ [{commas(loops)}] : {every} }}"


def gathered(form, free, letters, count):
    """The assignments whose term the entry collects, read from its formula.

    Args:
        form: The formula; its only access has the values of the loops as indices.
        free: The free indices, between 0 and the lengths of the axes.
        letters: The letters for sizes.
        count: How many loops there are.
    """
    loops = [f"l{n}" for n in range(count)]
    (conditions, bound, access), *others = parts(form)
    assert not others, "one product of brackets and sums"
    conditions += [
        f"{below} * {loop} = {above}"
        for loop, (above, below) in zip(loops, map(quotient, access.indices), strict=True)
    ]
    exists = f"exists({commas(bound)} : " if bound else "("
    return f"{head(letters, free)} {{ [{commas(loops)}] : {exists}{' and '.join(conditions)}) }}"


def head(letters, free):
    return f"[{commas([*letters, *free])}] ->"


def assumed(free, shape, letters):
    """What holds of letters and free indices."""
    least = [f"{s} >= {1 if s.is_positive else 0}" for s in letters]
    inside = [f"0 <= {axis} <= {text(n - 1)}" for axis, n in zip(free, shape, strict=True)]
    return f"{head(letters, free)} {{ : {' and '.join(least + inside)} }}"


def parts(form: Expr) -> Iterator[tuple[list[str], list[Symbol], Indexed]]:
    """Run over the products that a formula adds up: conditions, bound indices, the access."""
    for term in Add.make_args(form):
        if term != 0:
            yield product(term)


def product(term: Expr) -> tuple[list[str], list[Symbol], Indexed]:
    conditions, bound, access = [], [], None
    for factor in Mul.make_args(term):
        if isinstance(factor, Iverson):
            conditions += map(condition, factor.args)
        elif isinstance(factor, Sum):
            own, inner, access = product(factor.function)
            limits = [f"{text(low)} <= {s} <= {text(high)}" for s, low, high in factor.limits]
            conditions, bound = conditions + limits + own, bound + list(factor.variables) + inner
        else:
            assert isinstance(factor, Indexed), factor
            access = factor
    return conditions, bound, access


def condition(relation) -> str:
    """Write a comparison without fractions: SymPy makes r/3 <= 0 of ceiling(r/3) <= 0."""
    remainders = relation.lhs.atoms(Mod)
    if remainders:  # 3 Mod(r/2, 4) = 0 says that 8 divides r
        (dividend, divisor), assertion = remainders.pop().args, relation.rhs == 0
        assert assertion
        whole, below = quotient(dividend)
        return f"({whole}) mod {below * divisor} = 0"
    sign = {"==": "="}.get(relation.rel_op, relation.rel_op)
    below = lcm(*(side.as_numer_denom()[1].p for side in relation.args))
    left, right = ((side * below).expand() if below > 1 else side for side in relation.args)
    return f"{text(left)} {sign} {text(right)}"


def quotient(index: Expr) -> tuple[str, int]:
    below = index.as_numer_denom()[1]
    return text((index * below).expand()), below


def text(index: Expr) -> str:
    """Write an integer expression with floors and extrema."""
    index = sympify(index)
    if isinstance(index, Max | Min):
        name = "max" if isinstance(index, Max) else "min"
        first, *rest = map(text, index.args)
        for other in rest:
            first = f"{name}({first}, {other})"
        return first
    if isinstance(index, floor | ceiling):
        below = index.args[0].as_numer_denom()[1]
        above = (index.args[0] * below).expand() + (below - 1 if isinstance(index, ceiling) else 0)
        return f"floor(({text(above)})/{below})"
    if isinstance(index, Add):
        return " + ".join(f"({text(term)})" for term in index.args)
    if isinstance(index, Mul):
        number, rest = index.as_coeff_Mul()
        return f"{number} * ({text(rest)})"
    assert isinstance(index, Symbol) or (isinstance(index, Rational) and index.is_Integer), index
    return str(index)


def commas(parts) -> str:
    return ", ".join(map(str, parts))
