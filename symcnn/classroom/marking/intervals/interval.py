"""An interval of numbers, with decimals as ends that are rounded outwards.

    [a, b] + [c, d]  =  [a + c, b + d]        exp [a, b]  =  [exp a, exp b]

Sums and products of short decimals are exact: they need no rounding.

Source: Moore, Kearfott and Cloud, "Introduction to Interval Analysis" (2009).

Intervals as a kind of number: every value that a formula takes as its entries vary.

A comparison of two intervals that overlap may hold or not: then both cases are taken, and the
result is the least interval around them. So the interval of a formula holds every value that
it has for some choice within the intervals of its entries; it may hold a little more where an
entry occurs more than once.

Formulas in which brackets of the same comparison vary together.

    a [z <= 0] + b [z > 0]    is    a  if z <= 0,  else  b
    a [c] f([c])              is    a [c] f(1)

On intervals every occurrence of an entry varies apart: where the sign of z is open, the two
brackets of the sum would be 0 and 1 in all combinations. By cases, one of them holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Overflow
from fractions import Fraction
from functools import cache, lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Generic, TypeVar

import mpmath  # type: ignore[import-untyped]  # it ships no types
from mpmath.ctx_iv import MPIntervalContext  # type: ignore[import-untyped]
from sympy import (
    Add,
    Basic,
    Dummy,
    Eq,
    Expr,
    Ge,
    Gt,
    Le,
    Lt,
    Mul,
    Ne,
    Piecewise,
    S,
    Symbol,
    nan,
    oo,
    zoo,
)
from sympy.core.relational import Relational

from symcnn.equations.functions import ELEMENTARY, DefinedFunction, Elementary, Iverson
from symcnn.reference.enclosures.enclosure import Precision, modulus, product, raised
from symcnn.reference.interpreter import Kind, Lazy, evaluate

DIGITS = 40
"""The digits of an end that is rounded."""

_OUTWARDS = Precision(DIGITS)
_DOWN, _UP = _OUTWARDS.down, _OUTWARDS.up
for _context in (_DOWN, _UP):
    _context.traps[Overflow] = True  # a figure is never so large
_ZERO, _INFINITY = Decimal(0), Decimal("Infinity")

_TINY = Decimal("1E-400")
"""No figure is nearer to 0: the number after 0 has a million places, each of which would count."""


class Interval:
    """All numbers from a to b.

    Attributes:
        a: The least one; minus infinity if there is none.
        b: The greatest one.
    """

    __slots__ = ("a", "b")

    def __init__(self, a: Decimal, b: Decimal) -> None:
        """Take both ends."""
        self.a, self.b = a, b

    def __add__(self, other: Interval) -> Interval:
        """Return all sums."""
        return Interval(_DOWN.add(self.a, other.a), _UP.add(self.b, other.b))

    def __neg__(self) -> Interval:
        """Return all opposite numbers."""
        return Interval(self.b.copy_negate(), self.a.copy_negate())

    def __sub__(self, other: Interval) -> Interval:
        """Return all differences."""
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        """Return all products."""
        if not (self.is_bounded and other.is_bounded):
            return WHOLE
        return Interval(*product((self.a, self.b), (other.a, other.b), _OUTWARDS))

    def __pow__(self, exponent: int) -> Interval:
        """Return all powers with an integer exponent."""
        if exponent < 0:
            return (self**-exponent).inverse
        if exponent % 2 == 0 and self.a < 0:
            return self.size**exponent
        ends = ((self.a, False), (self.b, True))
        return Interval(*(raised(end, exponent, _OUTWARDS, up=up) for end, up in ends))

    @property
    def inverse(self) -> Interval:
        """All quotients of 1 by its numbers; without a bound where 0 is among them."""
        if self.a <= 0 <= self.b:
            if self.a == self.b:
                raise ZeroDivisionError("a division by 0")
            return WHOLE
        return Interval(_DOWN.divide(1, self.b), _UP.divide(1, self.a))

    @property
    def size(self) -> Interval:
        """All absolute values."""
        return Interval(*modulus(self.a, self.b))

    @property
    def root(self) -> Interval:
        """The square roots of the numbers that have one."""
        if self.b < 0:
            raise ArithmeticError("the square root of a negative number")
        return _rising(Decimal.sqrt, Interval(max(self.a, _ZERO), self.b))

    @property
    def exp(self) -> Interval:
        """All exponentials."""
        return _rising(Decimal.exp, self)

    @property
    def log(self) -> Interval:
        """The logarithms of the numbers that have one."""
        if self.b <= 0:
            raise ArithmeticError("the logarithm of a number that is not positive")
        low = _below(_DOWN.ln(self.a)) if self.a > 0 else -_INFINITY
        return Interval(low, _above(_UP.ln(self.b)))

    @property
    def is_bounded(self) -> bool:
        """Whether it has a least and a greatest number."""
        return self.a.is_finite() and self.b.is_finite()

    def __repr__(self) -> str:
        """Show both ends."""
        return f"[{self.a}, {self.b}]"


WHOLE = Interval(-_INFINITY, _INFINITY)
"""All numbers."""


@lru_cache(maxsize=2**14)
def between(least: Fraction, greatest: Fraction) -> Interval:
    """Return the interval between two fractions."""
    low = _DOWN.divide(Decimal(least.numerator), Decimal(least.denominator))
    return Interval(low, _UP.divide(Decimal(greatest.numerator), Decimal(greatest.denominator)))


def widened(low: str, high: str) -> Interval:
    """Return the interval between two numbers that were rounded to its digits."""
    least, greatest = _DOWN.create_decimal(low), _UP.create_decimal(high)
    return Interval(_below(least), _above(greatest))


def meets(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals have a number in common."""
    return one.a <= other.b and other.a <= one.b


def hull(one: Interval, other: Interval) -> Interval:
    """Return the least interval around two."""
    return Interval(min(one.a, other.a), max(one.b, other.b))


def middle(interval: Interval) -> Decimal:
    """Return the number in the middle of an interval."""
    return _UP.divide(_UP.add(interval.a, interval.b), 2)


def _rising(function: Callable[[Decimal, Context], Decimal], at: Interval) -> Interval:
    """Return the values of a function that rises and is not negative, as e^z and the root."""
    low, high = function(at.a, _DOWN), function(at.b, _UP)
    return Interval(max(_ZERO, _below(low)), _above(high))


def _below(end: Decimal) -> Decimal:
    """Return a number that is less than an end by a unit of its last digit."""
    if end.copy_abs() >= _TINY:
        return _DOWN.next_minus(end)
    return _ZERO if end > 0 else -_TINY


def _above(end: Decimal) -> Decimal:
    return _below(end.copy_negate()).copy_negate()  # a minus sign would round


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


_MOST = 2
"""The pairs of numbers that are distinguished in one formula: each makes two cases or three."""

_ORDERS = (-1, 0, 1)
_HOLDS: dict[Any, frozenset[int]] = {
    Lt: frozenset({-1}),
    Le: frozenset({-1, 0}),
    Eq: frozenset({0}),
    Ne: frozenset({-1, 1}),
    Ge: frozenset({0, 1}),
    Gt: frozenset({1}),
}
"""The orders of two numbers for which a comparison of them holds."""

_RELATION: dict[frozenset[int], Callable[..., Relational]] = {
    orders: relation for relation, orders in _HOLDS.items()
}

Pair = tuple[Basic, Basic]
"""Two numbers that are compared, in an order that does not depend on the comparison."""


@lru_cache(maxsize=2**14)
def by_cases(formula: Expr) -> Expr:
    """Return a formula of the same values in which comparisons of the same numbers vary together.

    A formula that is no entry alone, and no number, stays so: a copy and a 0 are told by that.
    """
    if not formula.has(Iverson):
        return formula
    found = _distinguished(formula, _MOST)
    undefined = found.has(nan, zoo, oo, -oo)
    return formula if undefined or found.is_Symbol or not found.free_symbols else found


def _distinguished(formula: Expr, most: int) -> Expr:
    """Tell cases apart where two parts of a sum or product compare the same numbers."""
    if isinstance(formula, Iverson | Piecewise) or not formula.has(Iverson):
        return formula
    if isinstance(formula, Mul):
        formula = _where_brackets_hold(formula)
    shared = _shared(formula) if isinstance(formula, Add | Mul) else []
    if not shared:
        return formula.func(*(_distinguished(part, most) for part in formula.args))
    if len(shared) > most:
        return formula
    pair, cases = shared[0], list[tuple[Expr, Any]]()
    for orders in _classes(formula, pair):
        value = _distinguished(_where(formula, pair, orders), most - 1)
        cases.append((value, _RELATION[orders](*pair, evaluate=False)))
    *others, (last, _) = cases
    return Piecewise(*others, (last, S.true), evaluate=False)


def _where_brackets_hold(product: Mul) -> Expr:
    """Return a product with 1 for its brackets in its other factors: where they fail, it is 0."""
    for bracket in product.args:
        if isinstance(bracket, Iverson):
            rest = Mul(*(factor for factor in product.args if factor != bracket))
            for condition in bracket.args:
                if isinstance(condition, Relational):
                    rest = _where(rest, _pair(condition), _orders(condition))
            product = bracket * rest
            if not isinstance(product, Mul):
                break
    return product


def _shared(formula: Expr) -> list[Pair]:
    """Return the pairs that several parts of a formula compare, in a fixed order."""
    counted = Counter(pair for part in formula.args for pair in {*map(_pair, _compared(part))})
    return sorted((pair for pair, n in counted.items() if n > 1), key=str)


def _compared(formula: Basic) -> Iterator[Relational]:
    yield from (c for b in formula.atoms(Iverson) for c in b.args if type(c) in _HOLDS)


def _pair(comparison: Relational) -> Pair:
    one, other = sorted(comparison.args, key=str)
    return one, other


def _orders(comparison: Relational) -> frozenset[int]:
    """Return the orders of its pair for which a comparison holds."""
    orders, swapped = _HOLDS[type(comparison)], comparison.args != _pair(comparison)
    return frozenset(-order for order in orders) if swapped else orders


def _classes(formula: Expr, pair: Pair) -> list[frozenset[int]]:
    """Return the orders of a pair, those together of which no comparison tells the difference."""
    compared = [_orders(c) for c in {*_compared(formula)} if _pair(c) == pair]
    found = dict[tuple[bool, ...], frozenset[int]]()
    for order in _ORDERS:
        key = tuple(order in orders for orders in compared)
        found[key] = found.get(key, frozenset()) | {order}
    return [*found.values()]


def _where(formula: Expr, pair: Pair, orders: frozenset[int]) -> Expr:
    """Return a formula with what is known of comparisons of a pair where it has one of orders."""
    known = dict[Basic, Basic]()
    for comparison in _compared(formula):
        holds = _orders(comparison)
        if _pair(comparison) == pair and (orders <= holds or not orders & holds):
            known[comparison] = S.true if orders <= holds else S.false
    return formula.xreplace(known)
