"""Dual numbers over exact ones: a value, and its slopes with respect to its arguments.

    (a + a' e) (b + b' e)  =  a b + (a b' + a' b) e,     e^2 = 0

so arithmetic on values carries derivatives along, with no formula for any of them. A value
is a fraction or, where it is not rational, an enclosure (see ``enclosures``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from symcnn.reference.enclosures import ONE, Number, Precision, from_sympy, functions, inverse, sign
from symcnn.reference.functions import ANALYTIC, WRITTEN, definition
from symcnn.reference.interpreter import Kind, Lazy, evaluate

Slopes = Mapping[Any, Number]


class Dual:
    """A value with its slopes: for each key, the derivative with respect to what it names."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Number, slopes: Slopes | None = None) -> None:
        """Take a value; without slopes it is a constant."""
        self.value: Number = value
        self.slopes: Slopes = slopes or {}

    def __add__(self, other: Dual) -> Dual:
        """Return the sum."""
        return Dual(self.value + other.value, _sum(self.slopes, other.slopes))

    def __mul__(self, other: Dual) -> Dual:
        """Return the product, by the product rule."""
        value = self.value * other.value
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


def _scaled(slopes: Slopes, factor: Number) -> Slopes:
    return {key: slope * factor for key, slope in slopes.items()}


def _sum(mine: Slopes, others: Slopes) -> Slopes:
    if not others:
        return mine
    if not mine:
        return others
    made = dict(mine)
    for key, slope in others.items():
        made[key] = made[key] + slope if key in made else slope
    return made


def exact_numbers(precision: Precision) -> Kind:
    """Return exact dual numbers, and arrays of them, as a kind of number."""
    computing = _Exact(precision)
    computing.kind = Kind(
        number=lambda number: Dual(from_sympy(number, precision)),
        exp=_entrywise(computing.exp, 1),
        log=_entrywise(computing.log, 1),
        power=_entrywise(computing.power, 2),
        order=_entrywise(_order, 2),
        choose=_choose,
        larger=_upper,
        largest=_entrywise(_upper, 2).reduceat,
        function=computing.function,
        definition=definition,
    )
    return computing.kind


class _Exact:
    """Functions of dual numbers, to some precision."""

    kind: Kind

    def __init__(self, precision: Precision) -> None:
        self._precision = precision

    def exp(self, z: Dual) -> Dual:
        value = functions.exp(z.value, self._precision)
        return z.through(value, value)

    def log(self, z: Dual) -> Dual:
        return z.through(functions.log(z.value, self._precision), inverse(z.value))

    def power(self, z: Dual, exponent: Fraction) -> Dual:
        """Return a rational power."""
        value = functions.power(z.value, exponent, self._precision)
        if not z.slopes:
            return Dual(value)
        below = functions.power(z.value, exponent - 1, self._precision)
        return z.through(value, below * exponent)

    def function(self, name: str) -> Callable[[Dual], Dual] | None:
        """Return a function by the name that SymPy has for it."""
        if name in ANALYTIC:
            return partial(self._analytic, name)
        if name in WRITTEN:
            argument, written = WRITTEN[name]
            return lambda z: evaluate(written, {argument: z}, self.kind)
        return None

    def _analytic(self, name: str, z: Dual) -> Dual:
        """Return a function whose slope is known beside it."""
        function, (argument, slope) = ANALYTIC[name]
        value = function(z.value, self._precision)
        if not z.slopes:
            return Dual(value)
        return z.through(value, evaluate(slope, {argument: Dual(z.value)}, self.kind).value)


def _order(a: Dual, b: Dual) -> int:
    return sign(a.value, b.value)


def _choose(holds: bool, one: Lazy, other: Lazy) -> Dual:
    """Evaluate the one that is needed: the other need not have a value."""
    return one() if holds else other()  # type: ignore[no-any-return]


def _upper(a: Dual, b: Dual) -> Dual:
    """Return the one that is larger, or may be: ``order`` tells whether it is."""
    if isinstance(a.value, Fraction) and isinstance(b.value, Fraction):
        return b if b.value > a.value else a
    return b if _end(b.value) > _end(a.value) else a


def _end(number: Number) -> Fraction | Decimal:
    return number if isinstance(number, Fraction) else number.upper


def _entrywise(function: Callable[..., Any], arguments: int) -> Any:
    """Return a function of numbers that takes arrays too."""
    return np.frompyfunc(function, arguments, 1)
