"""Intervals as a kind of number: every value that a formula takes as its entries vary.

A comparison of two intervals that overlap may hold or not: then both cases are taken, and the
result is the least interval around them. So the interval of a formula holds every value that
it has for some choice within the intervals of its entries; it may hold a little more where an
entry occurs more than once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Generic, TypeVar

import mpmath  # type: ignore[import-untyped]  # it ships no types
from mpmath.ctx_iv import MPIntervalContext  # type: ignore[import-untyped]
from sympy import Dummy, Expr, Symbol

from symcnn.classroom.marking.intervals.interval import (
    DIGITS,
    Interval,
    between,
    hull,
    meets,
    widened,
)
from symcnn.equations.functions import ELEMENTARY, DefinedFunction, Elementary
from symcnn.reference.interpreter import Kind, Lazy, evaluate

Held = TypeVar("Held")


@dataclass(frozen=True)
class Truth:
    """Whether something can hold, and whether it can fail."""

    can_hold: bool
    can_fail: bool

    def __and__(self, other: Truth | bool) -> Truth:
        """Return whether both hold."""
        also = truth(other)
        return Truth(self.can_hold and also.can_hold, self.can_fail or also.can_fail)

    def __or__(self, other: Truth | bool) -> Truth:
        """Return whether one of the two holds."""
        also = truth(other)
        return Truth(self.can_hold or also.can_hold, self.can_fail and also.can_fail)

    __rand__, __ror__ = __and__, __or__


def _by(holds: Callable[[int, int], bool]) -> Callable[[Comparison[Held], int], Held]:
    """Return an operator that compares with 0."""
    return lambda order, zero: order.where(lambda sign: holds(sign, zero))


class Comparison(ABC, Generic[Held]):
    """How a number compares with another, to be compared with 0 or a sign."""

    @abstractmethod
    def where(self, holds: Callable[[int], bool]) -> Held:
        """Return whether the sign of the difference is one for which something holds."""

    __lt__, __le__, __gt__, __ge__ = map(_by, (lt, le, gt, ge))
    __eq__, __ne__ = map(_by, (eq, ne))  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Order(Comparison[Truth]):
    """A comparison of which some of the signs -1, 0 and 1 are possible."""

    possible: frozenset[int]

    def where(self, holds: Callable[[int], bool]) -> Truth:
        """Return whether it can hold for a possible sign, and whether it can fail."""
        found = {holds(sign) for sign in self.possible}
        return Truth(True in found, False in found)


def truth(holds: Truth | bool) -> Truth:
    """Return what is certain as what can hold or can fail."""
    return holds if isinstance(holds, Truth) else Truth(bool(holds), not holds)


_ARITHMETIC: Any = MPIntervalContext()
_ARITHMETIC.dps = DIGITS
_POINTS: Any = mpmath.MPContext()
_POINTS.dps = DIGITS + 5
_ARGUMENT = Dummy("z", real=True)


@lru_cache(maxsize=2**14)
def number(value: Expr) -> Interval:
    """Return a number of SymPy: a rational, or an irrational one to 40 digits."""
    if value.is_Rational:
        exact = Fraction(int(value.p), int(value.q))
        return between(exact, exact)
    middle = Fraction(str(value.evalf(DIGITS)))
    return between(*sorted((middle * (1 - _ERROR), middle * (1 + _ERROR))))


_ERROR = Fraction(1, 10**15)
"""Floats are exact to so many digits: a true value may be one."""


def _power(base: Interval, exponent: Fraction) -> Interval:
    if exponent.denominator == 1:
        return base ** int(exponent)
    if exponent == Fraction(1, 2):
        return base.root
    return (base.log * between(exponent, exponent)).exp


def _order(a: Interval, b: Interval) -> Order:
    signs = [(-1, a.a < b.b), (0, meets(a, b)), (1, a.b > b.a)]
    return Order(frozenset(sign for sign, possible in signs if possible))


def _choose(holds: Truth | bool, one: Lazy, other: Lazy) -> Interval:
    known = truth(holds)
    if not known.can_fail:
        return one()  # type: ignore[no-any-return]
    return hull(one(), other()) if known.can_hold else other()


def _larger(a: Interval, b: Interval) -> Interval:
    return Interval(max(a.a, b.a), max(a.b, b.b))


def _from_end_to_end(row: Elementary) -> Callable[[Interval], Interval]:
    """Return a function that rises or falls where it is defined, on intervals."""
    function = getattr(_POINTS, row.name)

    def on_interval(z: Interval) -> Interval:
        low, high = (function(_POINTS.mpf(str(end))) for end in _inside(row, z))
        return _read(high, low) if row.course == "falls" else _read(low, high)

    return on_interval


def _turning(function: Callable[[Any], Any]) -> Callable[[Interval], Interval]:
    """Return a function that rises and falls, on intervals."""

    def on_interval(z: Interval) -> Interval:
        found = function(_ARITHMETIC.mpf([str(z.a), str(z.b)]))
        return _read(found.a, found.b)

    return on_interval


def _read(low: Any, high: Any) -> Interval:
    """Return the interval between two of mpmath's numbers."""
    texts = (str(mpmath.nstr(_POINTS.mpf(end), DIGITS + 3)) for end in (low, high))
    return widened(*texts)


def _inside(row: Elementary, z: Interval) -> tuple[Decimal, Decimal]:
    """Return the ends of the numbers at which a function is defined."""
    least, greatest = row.domain or (None, None)
    low = z.a if least is None else max(z.a, Decimal(least))
    high = z.b if greatest is None else min(z.b, Decimal(greatest))
    if low > high:
        raise ArithmeticError(f"{row.name} of a number outside of its domain")
    return low, high


def _on_intervals(row: Elementary) -> Callable[[Interval], Interval]:
    """Return a function on intervals, by the way it goes."""
    if row.course == "turns":
        return _turning(getattr(_ARITHMETIC, row.name))
    at = _from_end_to_end(row)
    return (lambda z: at(z.size)) if row.course == "is even" else at


_FUNCTIONS = {name: _on_intervals(row) for name, row in ELEMENTARY.items()}


@cache
def _definition(function: type[DefinedFunction]) -> tuple[Dummy, Expr]:
    return _ARGUMENT, function.definition(_ARGUMENT)


def _no_runs(terms: Any, starts: Any) -> Any:
    raise AssertionError("formulas of single entries have no arrays")


INTERVALS = Kind(
    number,
    lambda z: z.exp,
    lambda z: z.log,
    _power,
    _order,
    _choose,
    _larger,
    _no_runs,
    _FUNCTIONS.get,
    _definition,
)
"""Intervals, as the interpreter of formulas takes them."""


def values(formula: Expr, entries: Mapping[Symbol, Interval]) -> Interval:
    """Return the interval of a formula.

    Raises:
        ArithmeticError: If it has no value, as the logarithm of a negative number.
        SymcnnError: If it holds a function that has none.
    """
    found: Interval = evaluate(formula, dict(entries), INTERVALS)
    return found
