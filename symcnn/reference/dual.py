"""Dual numbers over exact ones: a value, and its slopes by what it was made of.

    (a + a' e) (b + b' e)  =  a b + (a b' + a' b) e,     e^2 = 0

so arithmetic on values carries derivatives along, with no formula for any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath  # type: ignore[import-untyped]  # it ships no types
import numpy as np
from sympy import Dummy, Expr

from symcnn.functions import sigmoid
from symcnn.reference.exact_numbers import (
    ONE,
    Number,
    exact_number,
    exp,
    log,
    plus,
    power,
    sign,
    times,
    with_slope,
)
from symcnn.reference.interpreter import Kind, Lazy, evaluate

Slopes = Mapping[Any, Number]


class Dual:
    """A value with its slopes: by each key, how fast it changes with what the key names."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Number, slopes: Slopes | None = None) -> None:
        """Take a value; without slopes it is a constant."""
        self.value: Number = value
        self.slopes: Slopes = slopes or {}

    def __add__(self, other: Dual) -> Dual:
        """Return the sum."""
        return Dual(plus(self.value, other.value), _sum(self.slopes, other.slopes))

    def __mul__(self, other: Dual) -> Dual:
        """Return the product, by the product rule."""
        value = times(self.value, other.value)
        if not self.slopes and not other.slopes:
            return Dual(value)
        mine, others = _scaled(self.slopes, other.value), _scaled(other.slopes, self.value)
        return Dual(value, _sum(mine, others))

    def __sub__(self, other: Dual) -> Dual:
        """Return the difference."""
        return self + other * Dual(-ONE)

    def through(self, value: Number, slope: Number) -> Dual:
        """Return f of this number, given f and f' at its value."""
        return Dual(value, _scaled(self.slopes, slope))

    def power(self, exponent: Fraction) -> Dual:
        """Return this number to a rational power."""
        if not self.slopes:
            return Dual(power(self.value, exponent))
        below = power(self.value, exponent - 1)
        return self.through(times(below, self.value), times(exponent, below))


def _scaled(slopes: Slopes, factor: Number) -> Slopes:
    return {key: times(slope, factor) for key, slope in slopes.items()}


def _sum(mine: Slopes, others: Slopes) -> Slopes:
    """Return the slopes of a sum."""
    if not others:
        return mine
    if not mine:
        return others
    made = dict(mine)
    for key, slope in others.items():
        made[key] = plus(made[key], slope) if key in made else slope
    return made


def _number(number: Expr) -> Dual:
    return Dual(exact_number(number))


def _exp(z: Dual) -> Dual:
    value = exp(z.value)
    return z.through(value, value)


def _log(z: Dual) -> Dual:
    return z.through(log(z.value), power(z.value, -ONE))


def _order(a: Dual, b: Dual) -> int:
    return sign(a.value, b.value)


def _choose(holds: bool, one: Lazy, other: Lazy) -> Dual:
    """Evaluate the one that is needed: the other need not have a value."""
    return one() if holds else other()  # type: ignore[no-any-return]


def _larger(a: Dual, b: Dual) -> Dual:
    return b if _order(b, a) > 0 else a


def _function(name: str) -> Callable[[Dual], Dual] | None:
    if name == "tanh":
        return lambda z: evaluate(_TANH, {_Z: z}, EXACT)
    return partial(_analytic, name) if hasattr(mpmath, name) else None


def _analytic(name: str, z: Dual) -> Dual:
    return z.through(*with_slope(name, z.value))


_Z = Dummy("z", real=True)
_TANH = 2 * sigmoid(2 * _Z) - 1


def _entrywise(function: Callable[..., Any], arguments: int) -> Any:
    """Return a function of numbers that takes arrays too."""
    return np.frompyfunc(function, arguments, 1)


EXACT = Kind(
    number=_number,
    exp=_entrywise(_exp, 1),
    log=_entrywise(_log, 1),
    power=_entrywise(Dual.power, 2),
    order=_entrywise(_order, 2),
    choose=_choose,
    largest=_entrywise(_larger, 2).reduceat,
    function=_function,
)
"""Exact dual numbers, and arrays of them, as a kind of number."""
