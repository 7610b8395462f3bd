"""What bounds an index, in print: quotients, roundings and extrema of linear formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd, lcm
from typing import Any

from sympy import (
    Add,
    Expr,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    Rational,
    S,
    ceiling,
    default_sort_key,
    floor,
    together,
)
from sympy import fraction as above_and_below

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
from symcnn.writing.printing.size_order import Rank, rank

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
    if isinstance(expression, Mod):
        dividend, divisor = map(_alone, expression.args)
        return row(parenthesized(row(dividend, r"\bmod", divisor)))
    if isinstance(expression, Max | Min):
        terms = sorted(expression.args, key=_place_of_end)
        return applied(EXTREMAL[expression.func], joined([*map(arithmetic, terms)], ","))
    above, below = over_one_bar(expression)
    if is_symbolic(below) or (below != 1 and expression.is_Add):
        return _over(above, below)
    if expression.is_Add:
        return added([*map(arithmetic, in_order(collected(expression)))])
    return _product(expression)


def _alone(expression: Expr) -> Formula:
    """Print what stands beside a remainder's sign: sums and what is subtracted in parentheses."""
    printed = arithmetic(expression)
    is_one = not expression.is_Add and not expression.could_extract_minus_sign()
    return printed if is_one else row(parenthesized(printed))


def in_order(expression: Expr) -> list[Expr]:
    """Return the terms of a bound: first what is not subtracted, indices before sizes."""
    ordered = expression.as_ordered_terms()
    if any(map(is_size, expression.free_symbols)):
        ordered.sort(key=_class_of)
    return _positive_first(ordered)


def _class_of(term: Expr) -> tuple[bool, bool, bool, Rank]:
    """Sort what is added first, r + P - S i, of that indices before sizes, and numbers last."""
    about_sizes, number = _is_about_sizes(term), bool(term.is_number)
    is_subtracted = not number and bool(term.could_extract_minus_sign())
    return number, is_subtracted, about_sizes, rank(term)


def _is_about_sizes(term: Expr) -> bool:
    return any(map(is_size, term.free_symbols)) and all(map(is_size, term.free_symbols))


def _positive_first(terms: Sequence[Expr]) -> list[Expr]:
    """Let a sum begin with what is not subtracted: r - q, not -q + r."""
    first = next((term for term in terms if not term.could_extract_minus_sign()), terms[0])
    return [first, *(term for term in terms if term is not first)]


def _over(dividend: Expr, divisor: Expr) -> Formula:
    above = arithmetic(collected(dividend))
    return above if divisor == 1 else row(fraction(above, arithmetic(divisor)))


def collected(dividend: Expr) -> Expr:
    """Return H + 2 P - D (K - 1) - 1 for H + 2 P - D K + D - 1."""
    for letter in sorted(filter(is_size, dividend.free_symbols), key=str):
        with_it = [t for t in Add.make_args(dividend) if t.has(letter)]
        cofactor = Add(*(t / letter for t in with_it))
        number, others = cofactor.as_coeff_Add()
        if len(with_it) > 1 and not cofactor.has(letter) and number != 0:
            sign = -1 if others.could_extract_minus_sign() else 1
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


def _place(factor: Expr) -> tuple[bool, bool, Rank, str]:
    return factor.is_Add, not _is_about_sizes(factor), rank(factor), str(factor)


def _place_of_end(end: Expr) -> tuple[bool, bool, Any]:
    """Sort what bounds an index: numbers, then what is the same for all: min(M - 1, r)."""
    return not end.is_number, not _is_about_sizes(end), default_sort_key(end)


def _factor(factor: Expr) -> Formula:
    if factor.is_Add:
        return row(parenthesized(arithmetic(factor)))
    if factor.is_Pow:
        return raised(_factor(factor.base), arithmetic(factor.exp))
    return arithmetic(factor)


def rounded(expression: Expr) -> Expr:
    """Return a sum with its rounded quotients written with the least numbers.

    With integers A and c,  floor((A + c)/s) = ceil((A + c - s + 1)/s),  and a multiple of s
    that is added to c is as well added behind.
    """
    constant, rest = expression.as_coeff_Add()
    terms = list[Expr]()
    for term in Add.make_args(rest):
        factor, quotient = term.as_coeff_Mul()
        if isinstance(quotient, floor | ceiling) and not _is_over_a_number(quotient):
            forms = [(form, constant + factor * behind) for form, behind in _either(quotient)]
            quotient, constant = min(forms, key=lambda form: _cost(form)[0])
        elif isinstance(quotient, floor | ceiling):
            forms = [(form, constant + factor * behind) for form, behind in _forms(quotient)]
            quotient, constant = min(forms, key=_cost)
            quotient = _turned(quotient)
        terms.append(factor * quotient)
    return Add(constant, *terms)


def _is_over_a_number(rounding: Expr) -> bool:
    return not is_symbolic(over_one_bar(rounding.args[0])[1])


def _turned(rounding: Expr) -> Expr:
    """Return -floor(u/2) for ceil(-u/2)."""
    terms = Add.make_args(rounding.args[0].as_coeff_Add()[1])
    if any(term.as_coeff_Mul()[0] > 0 for term in terms):
        return rounding
    other = ceiling if isinstance(rounding, floor) else floor
    return -other(-rounding.args[0])


def over_one_bar(quotient: Expr) -> tuple[Expr, Expr]:
    """Return r/2 - 1/2 as r - 1 and 2."""
    if any(map(is_size, quotient.free_symbols)):
        above, below = above_and_below(together(quotient))
        return above.expand(), below
    divisor = lcm(*(int(term.as_coeff_Mul()[0].q) for term in Add.make_args(quotient)))
    return Add(*(divisor * term for term in Add.make_args(quotient))), Integer(divisor)


def _forms(rounding: Expr) -> Iterator[tuple[Expr, int]]:
    """Run over the ways to write a rounded quotient, with the integer that is added to each."""
    dividend, below = over_one_bar(rounding.args[0])
    divisor = int(below)
    constant, whole = dividend.as_coeff_Add()
    common = gcd(divisor, *(int(term.as_coeff_Mul()[0]) for term in Add.make_args(whole)))
    above = (int(constant) + (divisor - 1 if isinstance(rounding, ceiling) else 0)) // common
    quotient, divisor = whole / divisor, divisor // common
    for function, number in ((floor, above), (ceiling, above - divisor + 1)):
        for behind in {0, *(number // divisor + step for step in (0, 1))}:
            yield function(quotient + Rational(number - divisor * behind, divisor)), behind


def _either(rounding: Expr) -> Iterator[tuple[Expr, int]]:
    """Return ceil(a/s), and floor((a - 1)/s) + 1, which is the same for whole a and s.

    The second is an integer where a is 1.
    """
    yield rounding, 0
    dividend, divisor = over_one_bar(rounding.args[0])
    if isinstance(rounding, ceiling):
        yield floor(((dividend - 1) / divisor).expand()), 1
    else:
        yield ceiling(((dividend + 1) / divisor).expand()), -1


def _cost(form: tuple[Expr, Expr]) -> tuple[int, Expr, bool]:
    """Count the numbers beside the indices of a rounded quotient and beside it; add them up."""
    quotient, outside = form
    inside = over_one_bar(quotient.args[0])[0].as_coeff_Add()[0] if quotient.args else S.Zero
    return (inside != 0) + (outside != 0), abs(inside) + abs(outside), bool(inside != 0)
