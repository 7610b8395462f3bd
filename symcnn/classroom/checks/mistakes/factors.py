"""Mistakes with factors and terms: one is missing, its sign or its power is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain, product

from sympy import Add, Expr, Integer, Mul, Pow, Rational, S

from symcnn.classroom.marking.mistakes.factors import times
from symcnn.classroom.marking.mistakes.mistake import (
    Mistake,
    Ways,
    Work,
    each,
    is_over_samples,
    nodes,
    unguarded,
)
from symcnn.equations import Equation

_MOST_TERMS = 4
_STEPS = (Rational(1, 2), -Rational(1, 2), S.One, -S.One)


def _values(change: Callable[[Expr], Iterable[Expr]]) -> Callable[[Work], Ways]:
    """Change the values of the equations one by one.

    Where an array with a border is not read any more, the border is summed as well.
    """

    def changed(_: Work, equation: Equation, __: Equation) -> Iterator[Equation]:
        for value in change(equation.value):
            other = replace(equation, value=value)
            yield from dict.fromkeys((other, unguarded(other)))

    return each(changed)


def _without_a_factor(value: Expr) -> Iterator[Expr]:
    parts = Mul.make_args(value)
    for part in parts if len(parts) > 1 else ():
        yield Mul(*(other for other in parts if other != part))


def _sums(value: Expr) -> list[Expr]:
    """Return the sums within a value, those outside first."""
    return [part for part in nodes(value) if part.is_Add]


def _other_sums(change: Callable[[Expr, Expr], Expr]) -> Callable[[Expr], Iterator[Expr]]:
    """Replace each term of each sum within a value."""

    def ways(value: Expr) -> Iterator[Expr]:
        for whole in dict.fromkeys(_sums(value)):
            for term in whole.args:
                yield value.xreplace({whole: Add(whole, change(whole, term))})

    return ways


def _signs(work: Work) -> Ways:
    """Leave some of the terms out that are added to a derivative, and reverse some signs."""
    if 1 < len(work.steps) <= _MOST_TERMS:
        for signs in product((1, 0, -1), repeat=len(work.steps)):
            pairs = [(e, sign) for e, sign in zip(work.equations, signs, strict=True) if sign]
            if 0 in signs and -1 in signs and pairs:
                yield [replace(e, value=sign * e.value) for e, sign in pairs]


def _other_powers(value: Expr) -> Iterator[Expr]:
    for part in dict.fromkeys(p for p in nodes(value) if isinstance(p, Pow)):
        if part.exp.is_Rational:
            for step in _STEPS:
                yield value.xreplace({part: Pow(part.base, part.exp + step)})


def _constant_outside(value: Expr) -> Iterator[Expr]:
    """Add a number to a root where it belongs under it: sqrt(V) + epsilon."""
    for part in dict.fromkeys(p for p in nodes(value) if isinstance(p, Pow)):
        number, rest = part.base.as_coeff_Add()
        if part.exp.is_Rational and not part.exp.is_Integer and number and rest:
            root = Rational(1, 2)
            yield value.xreplace({part: Pow(Pow(rest, root) + number, part.exp / root)})


def _added(value: Expr) -> Iterator[Expr]:
    """Add a factor to the others."""
    parts = [part for part in Mul.make_args(value) if part.free_symbols]
    for part in parts if len(parts) > 1 else ():
        yield Add(value / part, part)


def _apart(work: Work) -> Ways:
    """Add a factor to the others where the border of one of them is 0."""
    for number, equation in enumerate(work.equations):
        if work.is_update or not equation.guards:
            continue
        parts = [part for part in Mul.make_args(equation.value) if part.free_symbols]
        rest = [*work.equations[:number], *work.equations[number + 1 :]]
        for part in parts if len(parts) > 1 else ():
            values = (equation.value / part, part)
            yield [*rest, *(unguarded(replace(equation, value=value)) for value in values)]


def _divided(value: Expr) -> Iterator[Expr]:
    parts = [part for part in Mul.make_args(value) if part.free_symbols]
    for part in parts if len(parts) > 1 else ():
        yield value / part**2


def _squared(value: Expr) -> Iterator[Expr]:
    for part in Mul.make_args(value):
        if part.free_symbols:
            yield value * part


def _samples(equation: Equation) -> int:
    return next((int(loop.size) for loop in equation.loops if is_over_samples(loop)), 1)


def _by_samples(sign: int, work: Work) -> Ways:
    """Multiply a derivative by the number of samples, or divide by it."""
    count = max(map(_samples, work.equations), default=1)
    factor: Expr = Pow(Integer(count), sign)
    return times(work, factor) if work.steps and not work.is_update and count > 1 else ()


def _by_an_axis(sign: int, _: Work, equation: Equation, __: Equation) -> Iterator[Equation]:
    """Multiply or divide by the length of an axis, or by the lengths of all that are summed."""
    sizes = [int(loop.size) for loop in equation.loops if loop.size > 1]
    for number in dict.fromkeys((*sizes, int(equation.terms_of_entry))):
        yield replace(equation, value=equation.value * Pow(Integer(number), sign))


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "divided by the number of samples",
        "The derivative was divided by the number of samples, once too often: the error signal "
        "contains that division already.",
        partial(_by_samples, -1),
    )
    yield Mistake(
        "multiplied by the number of samples",
        "The derivative was multiplied by the number of samples, or the mean over the batch was "
        "left out.",
        partial(_by_samples, 1),
    )
    yield Mistake(
        "factor missing",
        "A factor of the product was left out.",
        _values(_without_a_factor),
    )
    yield Mistake(
        "term missing",
        "A term of a sum was left out.",
        _values(_other_sums(lambda _, term: -term)),
    )
    yield Mistake(
        "sign of a term",
        "A term of a sum has the wrong sign.",
        _values(_other_sums(lambda _, term: -2 * term)),
    )
    yield Mistake(
        "terms missing, and a sign",
        "A term of the derivative was left out, and another one has the wrong sign.",
        _signs,
    )
    yield Mistake(
        "constant outside the root",
        "The constant was added to the square root. It belongs under the root.",
        _values(_constant_outside),
    )
    yield Mistake(
        "another power",
        "The exponent is another one: a square root or a square was left out, or taken twice.",
        _values(_other_powers),
    )
    yield Mistake(
        "sum instead of product",
        "Two quantities were added where they must be multiplied.",
        lambda work: chain(_values(_added)(work), _apart(work)),
    )
    yield Mistake(
        "divided instead of multiplied",
        "A quantity was divided by where it must be multiplied with, or the other way round.",
        _values(_divided),
    )
    yield Mistake(
        "factor twice",
        "A factor was multiplied twice.",
        _values(_squared),
    )
    yield Mistake(
        "divided by a number of entries",
        "The result was divided by the length of an axis, or by a number of entries. Here it must "
        "not be.",
        each(partial(_by_an_axis, -1)),
    )
    yield Mistake(
        "multiplied by a number of entries",
        "The result was multiplied by the length of an axis, or a division by a number of entries "
        "is missing.",
        each(partial(_by_an_axis, 1)),
    )
