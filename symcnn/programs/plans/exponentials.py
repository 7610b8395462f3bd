"""Exponentials as floats hold them, wherever an equation has them.

exp(z) - 1     is  expm1(z): near 0 the difference has no digit of it
exp(-c z^2)    is 0 in floats long before z^2 is infinite: z is bounded where it is 0

Both hold for every c and z; nothing here knows a layer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import isqrt

from sympy import Add, Expr, Integer, Pow, exp

from symcnn.equations import Equation, Group, is_maximum
from symcnn.equations.functions import bounded, exponentials_less_one

_UNDERFLOWN = 1000
"""exp(-1000) is 0 in floats of every size."""

_STEEPEST, _FLATTEST = 10**6, Integer(10) ** -6
"""The c between which a bound on z is neither 0 nor has a square that is large."""


def with_exponentials(groups: Iterable[Group]) -> list[Group]:
    """Return groups whose exponentials neither cancel nor overflow on the way to 0."""
    return [(tensor, tuple(map(_held, equations))) for tensor, equations in groups]


def _held(equation: Equation) -> Equation:
    """Rewrite an equation; what a maximum compares is read again as it is."""
    if is_maximum(equation) or not equation.value.has(exp):
        return equation
    value = equation.value.replace(_is_bell, _bell)
    value = value.replace(lambda part: isinstance(part, Add), _without_cancelling)
    return replace(equation, value=value)


def _without_cancelling(total: Expr) -> Expr:
    return exponentials_less_one(total) or total


def _is_bell(part: Expr) -> bool:
    """Tell whether an expression is exp(-c z^2)."""
    if not isinstance(part, exp):
        return False
    number, square = part.args[0].as_coeff_Mul()
    is_square = isinstance(square, Pow) and square.exp == 2
    return bool(is_square and _FLATTEST <= -number <= _STEEPEST)


def _bell(power: Expr) -> Expr:
    number, square = power.args[0].as_coeff_Mul()
    bound = isqrt(int(_UNDERFLOWN / -number)) + 1
    return exp(number * bounded(square.base, Integer(bound)) ** 2)
