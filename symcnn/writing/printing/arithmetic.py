"""What bounds an index, in print: quotients, roundings and extrema of linear formulas."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Max, Min, Mul, ceiling, default_sort_key, floor

from symcnn.equations.sizes import is_size, is_symbolic
from symcnn.writing.formula import Fenced, Formula
from symcnn.writing.formula.build import (
    added,
    applied,
    fraction,
    joined,
    parenthesized,
    raised,
    row,
)
from symcnn.writing.printing.names import named
from symcnn.writing.printing.rounding import over_one_bar

ROUNDED = {floor: (r"\lfloor", r"\rfloor"), ceiling: (r"\lceil", r"\rceil")}
EXTREMAL = {Max: r"\max", Min: r"\min"}


def arithmetic(expression: Expr) -> Formula:
    """Print a bound."""
    if expression.is_Symbol:
        return named(expression.name)
    if isinstance(expression, floor | ceiling):
        dividend, divisor = over_one_bar(expression.args[0])
        return row(
            Fenced(ROUNDED[expression.func][0], _over(dividend, divisor), _right(expression))
        )
    if isinstance(expression, Max | Min):
        terms = sorted(expression.args, key=default_sort_key)
        return applied(EXTREMAL[expression.func], joined([*map(arithmetic, terms)], ","))
    above, below = over_one_bar(expression)
    if is_symbolic(below):
        return _over(above, below)
    if expression.is_Add:
        return added([*map(arithmetic, in_order(expression))])
    return _product(expression)


def in_order(expression: Expr) -> list[Expr]:
    """Return the terms of a bound: indices, then sizes; first what is not subtracted."""
    ordered = expression.as_ordered_terms()
    if any(map(_is_about_sizes, ordered)):
        ordered.sort(key=_class_of)
    return _positive_first(ordered)


def _class_of(term: Expr) -> tuple[bool, bool, bool]:
    """Sort indices before sizes, of these the added ones first, and numbers last."""
    about_sizes = _is_about_sizes(term)
    return bool(term.is_number), about_sizes, about_sizes and term.could_extract_minus_sign()


def _is_about_sizes(term: Expr) -> bool:
    return any(map(is_size, term.free_symbols)) and all(map(is_size, term.free_symbols))


def _positive_first(terms: Sequence[Expr]) -> list[Expr]:
    """Let a sum begin with what is not subtracted: r - q, not -q + r."""
    first = next((term for term in terms if not term.could_extract_minus_sign()), terms[0])
    return [first, *(term for term in terms if term is not first)]


def _over(dividend: Expr, divisor: Expr) -> Formula:
    above = arithmetic(_collected(dividend))
    return above if divisor == 1 else row(fraction(above, arithmetic(divisor)))


def _collected(dividend: Expr) -> Expr:
    """Return H + 2 P - D (K - 1) - 1 for H + 2 P - D K + D - 1."""
    for letter in sorted(filter(is_size, dividend.free_symbols), key=str):
        with_it = [t for t in Add.make_args(dividend) if t.has(letter)]
        cofactor = Add(*(t / letter for t in with_it))
        if len(with_it) > 1 and not cofactor.has(letter) and cofactor.as_coeff_Add()[0] != 0:
            sign = -1 if cofactor.as_coeff_Add()[0] > 0 else 1
            whole = Mul(sign, letter, sign * cofactor, evaluate=False)
            return Add(dividend - Add(*with_it), whole)
    return dividend


def _right(rounding: Expr) -> str:
    return ROUNDED[rounding.func][1]


def _product(expression: Expr) -> Formula:
    """Print a number times letters, the sizes before the indices: 2 S i."""
    coefficient, rest = expression.as_coeff_Mul()
    sign = ("-",) if coefficient.is_negative else ()
    above, below = abs(coefficient.p), coefficient.q
    number = () if above == 1 and rest != 1 else (str(above),)
    factors = () if rest == 1 else sorted(Mul.make_args(rest), key=_place)
    product = row(*number, *map(_factor, factors))
    return row(*sign, product if below == 1 else fraction(product, str(below)))


def _place(factor: Expr) -> tuple[bool, bool, str]:
    return not is_size(factor), factor.is_Add, str(factor)


def _factor(factor: Expr) -> Formula:
    if factor.is_Add:
        return row(parenthesized(arithmetic(factor)))
    if factor.is_Pow:
        return raised(_factor(factor.base), arithmetic(factor.exp))
    return arithmetic(factor)
