"""Numbers that move: a value, and how fast it changes, in any kind of number.

    (a + a' e) (b + b' e)  =  a b + (a b' + a' b) e,     e^2 = 0

The values may carry slopes themselves, as those of dual numbers and of complex steps do: then
the velocities have the slopes of second order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import sympy
from sympy import Expr, Rational, S

from symcnn.equations.functions.elementary import Z
from symcnn.reference.functions import ANALYTIC, Written
from symcnn.reference.interpreter import Kind, Lazy, evaluate


class Moving:
    """A value, and its velocity, in the same kind of number, or in arrays of them."""

    __slots__ = ("value", "velocity")

    def __init__(self, value: Any, velocity: Any) -> None:
        """Take both."""
        self.value, self.velocity = value, velocity

    def __add__(self, other: Moving) -> Moving:
        """Return the sum."""
        return Moving(self.value + other.value, self.velocity + other.velocity)

    def __sub__(self, other: Moving) -> Moving:
        """Return the difference."""
        return Moving(self.value - other.value, self.velocity - other.velocity)

    def __mul__(self, other: Moving) -> Moving:
        """Return the product, by the product rule."""
        velocity = self.value * other.velocity + self.velocity * other.value
        return Moving(self.value * other.value, velocity)


def moving(kind: Kind) -> Kind:
    """Return moving numbers of a kind as a kind of number."""
    computing = _Moving(kind)
    return replace(
        kind,
        number=computing.number,
        exp=computing.exp,
        log=computing.log,
        power=computing.power,
        order=lambda a, b: kind.order(a.value, b.value),
        choose=computing.choose,
        larger=computing.larger,
        function=computing.function,
    )


def departing(kind: Kind) -> Kind:
    """Return numbers that begin to move: of two that are equal, the faster one is larger."""

    def order(a: Moving, b: Moving) -> Any:
        found = kind.order(a.value, b.value)
        if np.all(found):
            return found
        return np.where(found == 0, kind.order(a.velocity, b.velocity), found)

    return replace(moving(kind), order=order)


class _Moving:
    """Functions of moving numbers, by the chain rule."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def number(self, number: Expr) -> Moving:
        return Moving(self._kind.number(number), self._kind.number(S.Zero))

    def exp(self, z: Moving) -> Moving:
        value = self._kind.exp(z.value)
        return Moving(value, value * z.velocity)

    def log(self, z: Moving) -> Moving:
        below = self._kind.power(z.value, Fraction(-1))
        return Moving(self._kind.log(z.value), below * z.velocity)

    def power(self, z: Moving, exponent: Fraction) -> Moving:
        below = self._kind.power(z.value, exponent - 1)
        factor = self._kind.number(Rational(exponent.numerator, exponent.denominator))
        return Moving(self._kind.power(z.value, exponent), factor * below * z.velocity)

    def choose(self, holds: Any, one: Lazy, other: Lazy) -> Moving:
        def part(name: str) -> Any:
            parts = (lambda: getattr(one(), name)), (lambda: getattr(other(), name))
            return self._kind.choose(holds, *parts)

        return Moving(part("value"), part("velocity"))

    def larger(self, a: Moving, b: Moving) -> Moving:
        """Return the larger number, at rest: it is subtracted and added again."""
        return Moving(self._kind.larger(a.value, b.value), self._kind.number(S.Zero))

    def function(self, name: str) -> Callable[[Moving], Moving] | None:
        function = self._kind.function(name)
        if function is None:
            return None
        argument, slope = _slope(name)

        def moved(z: Moving) -> Moving:
            factor = evaluate(slope, {argument: z.value}, self._kind)
            return Moving(function(z.value), factor * z.velocity)

        return moved


@cache
def _slope(name: str) -> Written:
    """Return the slope of a function of SymPy, of which some are known in better forms."""
    if name in ANALYTIC:
        return ANALYTIC[name][1]
    return Z, getattr(sympy, name)(Z).diff(Z)
