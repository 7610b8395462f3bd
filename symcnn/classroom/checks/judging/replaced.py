"""Parts of equations, and other expressions in place of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from operator import add, mul

from sympy import Expr, IndexedBase, Integer, Mul, Pow, Rational, S, Symbol

from symcnn.classroom.checks.judging.evaluation import Equations
from symcnn.classroom.marking.mistakes.mistake import nodes
from symcnn.equations import Equation, Sum, accesses

Changed = Mapping[IndexedBase, Equations]
"""Other equations, by what they are for."""

Other = tuple[str, Expr]
"""What takes a place, and what it is called at any sizes."""

MakeValue = Callable[[], Expr]
Unmade = tuple[str, MakeValue]
"""The same, made when it is wanted: most are of no interest at other sizes."""

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


def other_values(value: Expr, part: Expr, pool: list[Other]) -> Iterator[Unmade]:
    """Run over values with another factor, or with another operator before it."""
    words = without_numbers(part)
    for label, other in other_factors(part, pool):
        yield f"{words} -> {label}", partial(_with_made, value, part, other)
    if part.free_symbols:
        yield f"{words} +", lambda: value / part + part
        yield f"{words} -", lambda: value / part - part
        yield f"{words} inverse", lambda: part / (value / part)


def _with_made(value: Expr, part: Expr, other: MakeValue) -> Expr:
    return with_other(value, part, other())


def with_other(value: Expr, part: Expr, other: Expr) -> Expr:
    """Return a product with another factor in place of one; in place of 1, with one more."""
    if part == 1:
        return value * other
    return Mul(*(other if factor == part else factor for factor in Mul.make_args(value)))


def inner_parts(value: Expr) -> Iterator[Expr]:
    """Run over the parts of a forward equation: what is read, and sums within."""
    for node in nodes(value):
        if (
            node.is_Indexed
            or (node.is_Add and node != value)
            or (isinstance(node, Pow) and node.exp.is_Rational and node.base.is_Add)
        ):
            yield node


def other_factors(part: Expr, pool: list[Other]) -> Iterator[Unmade]:
    """Run over what may take the place of a factor."""
    known = [(label, partial(_itself, o)) for label, o in pool]
    numbers = [(label, o) for label, o in pool if o.is_number]
    yield "1", partial(_itself, S.One)
    yield from known
    if part.is_Add:  # of x - m and m - x, either may stand there
        yield from ((f"-{label}", partial(mul, -1, o)) for label, o in (("1", S.One), *pool))
    yield from ((f"times {n}", partial(mul, n, part)) for n in _STEPS)
    if part != 1:
        yield from ((f"times {label}", partial(mul, part, o)) for label, o in numbers)
        yield from ((f"over {label}", partial(mul, part, 1 / o)) for label, o in numbers)
        yield from ((f"times {label} squared", partial(mul, part, o**2)) for label, o in numbers)
        yield from ((f"plus {label}", partial(_one_plus, part, o)) for label, o in numbers)
    base, exponent = part.as_base_exp()
    if not (exponent.is_Rational and part.free_symbols):
        return
    for n in (2, -1, _HALF, -2, 4):
        yield f"power {n}", partial(Pow, base, exponent * n)
    for share in dict.fromkeys((exponent, exponent / 3, 2 * exponent / 3)):
        left = exponent - share
        if share == 2 * exponent / 3 and not exponent.is_Integer:  # a root, squared
            for label, o in pool:
                yield f"{label} squared", partial(_powers, base, left, o, 2 * share)
            for label, o in pool:
                yield f"{label} inside", partial(_powers, base, left, o, share)
            for n in (S.One, S.NegativeOne):
                yield f"without {n}", partial(_powers, base, left, n, S.One)
            for n in _STEPS:
                yield f"root {n}", partial(_powers, base, exponent - share / 2, n, S.One)
        for other in roots_apart(Pow(base, share)):
            yield f"{share}: apart", partial(_powers, base, left, other, S.One)
        if share == exponent or not exponent.is_Integer:
            for words, made in _sums(base, pool):
                yield f"{share}: {words}", partial(_powers_of_made, base, left, made, share)


def _itself(expression: Expr) -> Expr:
    return expression


def _one_plus(part: Expr, number: Expr) -> Expr:
    return 1 + part / number


def _powers(base: Expr, exponent: Expr, other: Expr, power: Expr) -> Expr:
    return Pow(base, exponent) * Pow(other, power)


def _powers_of_made(base: Expr, exponent: Expr, other: MakeValue, power: Expr) -> Expr:
    return _powers(base, exponent, other(), power)


def _sums(whole: Expr, pool: list[Other]) -> Iterator[Unmade]:
    """Run over other sums: a term has another sign, is missing, or is another one."""
    for term in whole.args if whole.is_Add else ():
        rest, words = whole - term, without_numbers(term)
        yield f"{words} missing", partial(_itself, rest)
        yield f"{words} sign", partial(add, rest, -term)
        yield f"{words} twice", partial(add, rest, 2 * term)
        yield f"{words} alone", partial(_itself, term)
        sign = -1 if term.could_extract_minus_sign() else 1
        for label, other in pool:
            yield f"{words} -> {label}", partial(_plus_signed, rest, sign, other)
    if whole.is_Add and len(whole.args) == 2:
        one, other = whole.args
        yield "product", partial(mul, one, other)
        yield "quotient", partial(mul, one, 1 / other)


def roots_apart(part: Expr) -> Iterator[Expr]:
    """Run over sqrt(v) + c in place of sqrt(v + c), or of a power of it."""
    base, exponent = part.as_base_exp()
    number, rest = base.as_coeff_Add()
    if number and exponent.is_Rational and not exponent.is_Integer:
        yield Pow(Pow(rest, _HALF) + number, 2 * exponent)


def _plus_signed(rest: Expr, sign: int, other: Expr) -> Expr:
    return rest + sign * other


def indices_of(expression: Expr) -> set[Symbol]:
    """Return the indices that an expression depends on."""
    reads = (node for node in nodes(expression) if node.is_Indexed)
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


def with_value(base: IndexedBase, equations: Equations, number: int, value: MakeValue) -> Changed:
    """Return equations, one of them with another value."""
    other = replace(equations[number], value=value())
    return {base: (*equations[:number], other, *equations[number + 1 :])}


def multiplied(base: IndexedBase, equations: Equations, factor: Expr) -> Changed:
    """Return equations with one more factor."""
    return {base: tuple(replace(e, value=e.value * factor) for e in equations)}


def swapped(
    of: Mapping[IndexedBase, Sequence[tuple[Equation, bool]]], values: Mapping[Equation, MakeValue]
) -> Changed:
    """Return equations, those that are marked with other values."""
    concerned = {e for marked in of.values() for e, is_other in marked if is_other}
    made = {e: replace(e, value=value()) for e, value in values.items() if e in concerned}
    return {
        base: tuple(made.get(e, e) if is_other else e for e, is_other in marked)
        for base, marked in of.items()
    }


def replaced(
    fewer: Changed, read: Mapping[IndexedBase, Equations], part: Expr, make: MakeValue
) -> Changed:
    """Return equations with another expression wherever one stands."""
    other = make()
    return {**fewer, **{base: all_replaced(e, part, other) for base, e in read.items()}}
