"""Rounded quotients as a person writes them: ceil(r/2) for floor((r - 1)/2) + 1."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, lcm

from sympy import Add, Expr, Integer, Rational, S, ceiling, floor, fraction, together

from symcnn.equations.sizes import is_size, is_symbolic


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
        above, below = fraction(together(quotient))
        return above.expand(), below
    divisor = lcm(*(int(term.as_coeff_Mul()[0].q) for term in Add.make_args(quotient)))
    return Add(*(divisor * term for term in Add.make_args(quotient))), Integer(divisor)


def _forms(rounding: Expr) -> Iterator[tuple[Expr, int]]:
    """Run over the ways to write a rounded quotient, with the integer that is added to each."""
    dividend, below = over_one_bar(rounding.args[0])
    divisor = int(below)
    number, whole = dividend.as_coeff_Add()
    common = gcd(divisor, *(int(term.as_coeff_Mul()[0]) for term in Add.make_args(whole)))
    above = (int(number) + (divisor - 1 if isinstance(rounding, ceiling) else 0)) // common
    quotient, divisor = whole / divisor, divisor // common
    for function, added in ((floor, above), (ceiling, above - divisor + 1)):
        for behind in {0, *(added // divisor + step for step in (0, 1))}:
            yield function(quotient + Rational(added - divisor * behind, divisor)), behind


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
