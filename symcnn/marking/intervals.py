"""Intervals as a kind of number: every value that a formula takes as its entries vary.

    [a, b] + [c, d]  =  [a + c, b + d]        exp [a, b]  =  [exp a, exp b]

A comparison of two intervals that overlap may hold or not: then both cases are taken, and the
result is the least interval around them. So the interval of a formula holds every value that
it has for some choice within the intervals of its entries; it may hold a little more where an
entry occurs more than once.

Source: Moore, Kearfott and Cloud, "Introduction to Interval Analysis" (2009).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath  # type: ignore[import-untyped]  # it ships no types
from mpmath.ctx_iv import MPIntervalContext  # type: ignore[import-untyped]
from sympy import Dummy, Expr

from symcnn.functions import DefinedFunction
from symcnn.reference.interpreter import Kind, Lazy

Interval = Any
"""One of mpmath's intervals; it has the ends ``a`` and ``b``."""

_DIGITS = 40
_ARITHMETIC: Any = MPIntervalContext()
_ARITHMETIC.dps = _DIGITS
_POINTS: Any = mpmath.MPContext()
_POINTS.dps = _DIGITS
_ARGUMENT = Dummy("z", real=True)


@dataclass(frozen=True)
class Truth:
    """Whether something can hold, and whether it can fail."""

    can_hold: bool
    can_fail: bool

    def __and__(self, other: Truth | bool) -> Truth:
        """Return whether both hold."""
        also = _truth(other)
        return Truth(self.can_hold and also.can_hold, self.can_fail or also.can_fail)

    def __or__(self, other: Truth | bool) -> Truth:
        """Return whether one of the two holds."""
        also = _truth(other)
        return Truth(self.can_hold or also.can_hold, self.can_fail and also.can_fail)

    __rand__, __ror__ = __and__, __or__


@dataclass(frozen=True)
class Order:
    """How a number compares with another: some of -1, 0 and 1 are possible."""

    possible: frozenset[int]

    def _where(self, holds: Callable[[int], bool]) -> Truth:
        found = {holds(sign) for sign in self.possible}
        return Truth(True in found, False in found)

    def __lt__(self, zero: int) -> Truth:
        """Return whether it is less."""
        return self._where(lambda sign: sign < zero)

    def __le__(self, zero: int) -> Truth:
        """Return whether it is at most as large."""
        return self._where(lambda sign: sign <= zero)

    def __gt__(self, zero: int) -> Truth:
        """Return whether it is greater."""
        return self._where(lambda sign: sign > zero)

    def __ge__(self, zero: int) -> Truth:
        """Return whether it is at least as large."""
        return self._where(lambda sign: sign >= zero)

    def __eq__(self, zero: object) -> Truth:  # type: ignore[override]
        """Return whether both are equal."""
        return self._where(lambda sign: sign == zero)

    def __ne__(self, zero: object) -> Truth:  # type: ignore[override]
        """Return whether they differ."""
        return self._where(lambda sign: sign != zero)

    __hash__ = None  # type: ignore[assignment]


def between(least: Fraction, greatest: Fraction) -> Interval:
    """Return the interval between two fractions."""
    low, high = _fraction(least), _fraction(greatest)
    return _ARITHMETIC.mpf([low.a, high.b])


def meets(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals have a number in common."""
    return bool(one.a <= other.b and other.a <= one.b)


def shared(one: Interval, other: Interval) -> Interval:
    """Return what two intervals that meet have in common."""
    return _ARITHMETIC.mpf([max(one.a, other.a), min(one.b, other.b)])


def hull(one: Interval, other: Interval) -> Interval:
    """Return the least interval around two."""
    return _ARITHMETIC.mpf([min(one.a, other.a), max(one.b, other.b)])


def middle(interval: Interval) -> str:
    """Return the number in the middle of an interval, in digits."""
    return str(mpmath.nstr(_POINTS.mpf(interval.mid.a), _DIGITS))


def _truth(holds: Truth | bool) -> Truth:
    return holds if isinstance(holds, Truth) else Truth(bool(holds), not holds)


def _fraction(value: Fraction) -> Interval:
    return _ARITHMETIC.mpf(value.numerator) / _ARITHMETIC.mpf(value.denominator)


def number(value: Expr) -> Interval:
    """Return a number of SymPy: a rational, or an irrational one to 40 digits."""
    if value.is_Rational:
        return _fraction(Fraction(int(value.p), int(value.q)))
    middle = _ARITHMETIC.mpf(str(value.evalf(_DIGITS)))
    return middle * _ARITHMETIC.mpf([1 - 10.0**-15, 1 + 10.0**-15])


def _power(base: Interval, exponent: Fraction) -> Interval:
    if exponent.denominator == 1:
        return base ** int(exponent)
    if exponent == Fraction(1, 2):
        return _ARITHMETIC.sqrt(base)
    return _ARITHMETIC.exp(_ARITHMETIC.log(base) * _fraction(exponent))


def _order(a: Interval, b: Interval) -> Order:
    signs = [(-1, a.a < b.b), (0, meets(a, b)), (1, a.b > b.a)]
    return Order(frozenset(sign for sign, possible in signs if possible))


def _choose(holds: Truth | bool, one: Lazy, other: Lazy) -> Interval:
    truth = _truth(holds)
    if not truth.can_fail:
        return one()
    return hull(one(), other()) if truth.can_hold else other()


def _larger(a: Interval, b: Interval) -> Interval:
    return _ARITHMETIC.mpf([max(a.a, b.a), max(a.b, b.b)])


def _rising(function: Callable[[Any], Any]) -> Callable[[Interval], Interval]:
    """Return a function that rises, on intervals."""

    def on_interval(z: Interval) -> Interval:
        low, high = (function(_POINTS.mpf(end)) for end in (z.a, z.b))
        return _ARITHMETIC.mpf([low, high])

    return on_interval


_FUNCTIONS: dict[str, Callable[[Interval], Interval]] = {
    **{name: _rising(getattr(_POINTS, name)) for name in ("tanh", "sinh", "asinh", "atan", "erf")},
    "expm1": _rising(_POINTS.expm1),
    "sin": _ARITHMETIC.sin,
    "cos": _ARITHMETIC.cos,
    "tan": _ARITHMETIC.tan,
}


@cache
def _definition(function: type[DefinedFunction]) -> tuple[Dummy, Expr]:
    return _ARGUMENT, function.definition(_ARGUMENT)


def _no_runs(terms: Any, starts: Any) -> Any:
    raise AssertionError("formulas of single entries have no arrays")


INTERVALS = Kind(
    number,
    _ARITHMETIC.exp,
    _ARITHMETIC.log,
    _power,
    _order,
    _choose,
    _larger,
    _no_runs,
    _FUNCTIONS.get,
    _definition,
)
"""Intervals, as the interpreter of formulas takes them."""
