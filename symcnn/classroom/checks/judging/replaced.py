"""Parts of equations, and other expressions in place of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from sympy import Expr, IndexedBase, Integer, Mul, Pow, Rational, S, Symbol

from symcnn.classroom.checks.judging.evaluation import Equations
from symcnn.equations import Equation, Sum, accesses

Other = tuple[str, Expr]
"""What takes a place, and what it is called at any sizes."""

_HALF = Rational(1, 2)
_STEPS = (S.NegativeOne, Integer(2), _HALF)


@lru_cache(maxsize=4096)
def primitive(equation: Equation) -> Equation:
    """Return an equation with numbers and signs taken out of sums that are factors: -2 (x - m)."""
    made = list[Expr]()
    for part in Mul.make_args(equation.value):
        number, rest = part.primitive()
        turned = rest.is_Add and rest.could_extract_minus_sign()
        made += [-number, -rest] if turned else [number, rest]
    return replace(equation, value=Mul(*made))


def factors_of(value: Expr) -> list[Expr]:
    """Return the factors of a product."""
    return [part for part in Mul.make_args(value) if part != 1]


def other_values(value: Expr, part: Expr, pool: list[Other]) -> Iterator[Other]:
    """Run over values with another factor, or with another operator before it."""
    for label, other in other_factors(part, pool):
        yield f"{without_numbers(part)} -> {label}", with_other(value, part, other)
    if part.free_symbols:
        rest = value / part
        yield f"{without_numbers(part)} +", rest + part
        yield f"{without_numbers(part)} -", rest - part
        yield f"{without_numbers(part)} inverse", part / rest


def with_other(value: Expr, part: Expr, other: Expr) -> Expr:
    """Return a product with another factor in place of one; in place of 1, with one more."""
    if part == 1:
        return value * other
    return Mul(*(other if factor == part else factor for factor in Mul.make_args(value)))


def inner_parts(value: Expr) -> Iterator[Expr]:
    """Run over the parts of a forward equation: what is read, and sums within."""
    for node in _nodes(value):
        if (
            node.is_Indexed
            or (node.is_Add and node != value)
            or (isinstance(node, Pow) and node.exp.is_Rational and node.base.is_Add)
        ):
            yield node


def _nodes(value: Expr) -> Iterator[Expr]:
    yield value
    if not value.is_Indexed:
        for part in value.args:
            yield from _nodes(part)


def other_factors(part: Expr, pool: list[Other]) -> Iterator[Other]:
    """Run over what may take the place of a factor."""
    yield "1", S.One
    yield from pool
    if part.is_Add:  # of x - m and m - x, either may stand there
        yield from ((f"-{label}", -other) for label, other in (("1", S.One), *pool))
    yield from ((f"times {n}", n * part) for n in _STEPS)
    if part != 1:
        yield from ((f"times {label}", part * o) for label, o in pool if o.is_number)
        yield from ((f"over {label}", part / o) for label, o in pool if o.is_number)
        yield from ((f"times {label} squared", part * o**2) for label, o in pool if o.is_number)
        yield from ((f"plus {label}", 1 + part / o) for label, o in pool if o.is_number)
    base, exponent = part.as_base_exp()
    if not (exponent.is_Rational and part.free_symbols):
        return
    yield from ((f"power {n}", Pow(base, exponent * n)) for n in (2, -1, _HALF, -2, 4))
    for share in dict.fromkeys((exponent, exponent / 3, 2 * exponent / 3)):
        rest = Pow(base, exponent - share)
        if share == 2 * exponent / 3 and not exponent.is_Integer:  # a root, squared
            yield from ((f"{label} squared", rest * Pow(o, 2 * share)) for label, o in pool)
            yield from ((f"{label} inside", rest * Pow(o, share)) for label, o in pool)
            yield from ((f"without {n}", n * rest) for n in (S.One, S.NegativeOne))
            yield from ((f"root {n}", n * Pow(base, exponent - share / 2)) for n in _STEPS)
        if share == exponent or not exponent.is_Integer:
            yield from ((f"{share}: {w}", rest * Pow(b, share)) for w, b in _sums(base, pool))


def _sums(whole: Expr, pool: list[Other]) -> Iterator[Other]:
    """Run over other sums: a term has another sign, is missing, or is another one."""
    for term in whole.args if whole.is_Add else ():
        rest = whole - term
        yield f"{without_numbers(term)} missing", rest
        yield f"{without_numbers(term)} sign", rest - term
        yield f"{without_numbers(term)} twice", rest + 2 * term
        yield f"{without_numbers(term)} alone", term
        sign = -1 if term.could_extract_minus_sign() else 1
        for label, other in pool:
            yield f"{without_numbers(term)} -> {label}", rest + sign * other
    if whole.is_Add and len(whole.args) == 2:
        one, other = whole.args
        yield "product", one * other
        yield "quotient", one / other


def indices_of(expression: Expr) -> set[Symbol]:
    """Return the indices that an expression depends on."""
    reads = (node for node in _nodes(expression) if node.is_Indexed)
    return {s for read in reads for index in read.indices for s in index.free_symbols}


def is_product(equation: Equation) -> bool:
    """Tell whether every entry is a product of others, and no sum."""
    indices = equation.target.indices
    plain = all(i.is_Symbol for i in indices) and len({*indices}) == len(indices)
    alone = {loop.symbol for loop in equation.loops} == {*indices}
    return plain and alone and type(equation.reduction) is Sum and not equation.guards


def holds(equations: Iterable[Equation], part: Expr) -> bool:
    """Tell whether an expression, or its opposite, stands in some equations."""
    return any(e.value.has(part) or (part.is_Add and e.value.has(-part)) for e in equations)


def all_replaced(equations: Equations, part: Expr, other: Expr) -> Equations:
    """Return equations with another expression wherever one stands."""
    swap = {part: other, -part: -other} if part.is_Add else {part: other}
    found = [replace(e, value=e.value.xreplace(swap)) for e in map(primitive, equations)]
    return tuple(found)


def bases_read(equation: Equation) -> set[IndexedBase]:
    """Return what an equation reads."""
    return {read.base for read in accesses(equation.value)}


@lru_cache(maxsize=4096)
def without_numbers(expression: Expr) -> str:
    """Return an expression without its numbers, which differ at other sizes."""
    return re.sub(r"\d+", "#", str(expression))
