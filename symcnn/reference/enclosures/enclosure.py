"""Irrational numbers, enclosed between two decimals.

    x in [a, b], y in [c, d]:    x + y in [a + c, b + d],    x y in [min, max of the products]

with the lower end rounded down and the upper end rounded up, so that the exact result
lies between the ends (Moore, "Interval Analysis", 1966). A number is a fraction as long as
only rational operations made it, and an enclosure from a root, an exponential or a
logarithm on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DivisionByZero, InvalidOperation
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

from symcnn import limits

# The number of digits of a computation, and what it could not decide.


GUARD = 20
"""The digits of the first attempt beyond those that are wanted, for what cancels."""

DIGITS = 50 + GUARD
"""The digits of the first attempt if fifty are returned."""

_TRAPS = [InvalidOperation, DivisionByZero]
"""A number that is too large is no error: its upper end is infinite."""

T = TypeVar("T")


class UndecidedError(Exception):
    """More digits are needed to continue."""


TRY_AGAIN = (UndecidedError, InvalidOperation)
"""What more digits may help: an undecided comparison, or bounds so wide that one is infinite."""


class NoValueError(ArithmeticError):
    """The requested real number does not exist, such as the logarithm of -1."""


def without_value(error: ArithmeticError) -> str:
    """Say what has no value; infinite ends of decimals that meet have no words for it."""
    return beyond() if isinstance(error, InvalidOperation) else str(error)


def beyond() -> str:
    """Say that a number is larger than every decimal."""
    return f"a number above 10^{limits.EXACT_EXPONENT:,}"


class Precision:
    """A number of digits, and the arithmetic that rounds to them: down, and up.

    Attributes:
        digits: The significant digits of every bound.
        last: Whether there will be no further attempt. What is undecided then counts as
            equal, and ``doubts`` says so.
        down: Decimal arithmetic that rounds to the next smaller number.
        up: Decimal arithmetic that rounds to the next larger one.
        doubts: How often numbers that could not be told apart counted as equal.
    """

    __slots__ = ("digits", "doubts", "down", "last", "up")

    def __init__(self, digits: int = DIGITS, *, last: bool = False) -> None:
        """Take the number of digits."""
        self.digits, self.last, self.doubts = digits, last, 0
        self.down, self.up = (rounding_to(digits, mode) for mode in (ROUND_FLOOR, ROUND_CEILING))

    def undecided(self) -> None:
        """Ask for more digits; where there are no more, count a doubt.

        Raises:
            UndecidedError: If there will be a further attempt.
        """
        if not self.last:
            raise UndecidedError
        self.doubts += 1


def rounding_to(digits: int, rounding: str) -> Context:
    """Return decimal arithmetic in which what has no value is an error."""
    largest = limits.EXACT_EXPONENT
    return Context(prec=digits, rounding=rounding, Emin=-largest, Emax=largest, traps=_TRAPS)


def attempts(digits: int = DIGITS) -> Iterator[Precision]:
    """Return precisions of doubling numbers of digits, up to the limit."""
    last = max(digits, limits.EXACT_PRECISION)
    while digits < last:
        yield Precision(digits)
        digits *= 2
    yield Precision(last, last=True)


def certainly(attempt: Callable[[Precision], T]) -> T:
    """Return the first result that is certain."""
    for precision in attempts():
        try:
            return attempt(precision)
        except TRY_AGAIN:
            if precision.last:
                raise
    raise AssertionError("the last attempt returns or raises")


ZERO, ONE = Fraction(0), Fraction(1)
NOTHING = Decimal(0)

SHORT = 4_000
"""The bits of a fraction up to which it stays one: beyond, a division takes milliseconds."""

LONG = 20_000
"""The bits of a number of which all are read: beyond, the first ones are enough."""

_POWER_DIGITS = 10
"""So many digits are lost at most in a power of 2, whose exponent has fewer."""

Ends = tuple[Decimal, Decimal]
"""The lower and the upper end."""


class Enclosure:
    """A real number between two decimals.

    Attributes:
        lower: The lower end.
        upper: The upper end.
        precision: What it is computed with.
        made: How it was computed: the name of an operation or a function, and its operands;
            for tanh, then the function that returns its derivative.
        residue: The residue that ``residues`` computed, once it has been requested.
    """

    __slots__ = ("lower", "made", "precision", "residue", "upper")

    def __init__(self, ends: Ends, precision: Precision, made: tuple[Any, ...]) -> None:
        """Take the ends, the lower one first."""
        self.lower, self.upper = ends
        self.precision, self.made = precision, made
        self.residue: int | None = None

    def __add__(self, other: Number) -> Number:
        """Return the sum; that of a number and its opposite is exactly 0."""
        if isinstance(other, Fraction):
            if not other:
                return self
            found = _without_cancellation(self) if other == 1 else _of_one_factor(self, other)
            if found is not None:
                return found
        elif self is opposite(other) or other is opposite(self):
            return ZERO
        p, (lower, upper) = self.precision, ends(other, self.precision)
        added = p.down.add(self.lower, lower), p.up.add(self.upper, upper)
        return Enclosure(added, p, ("+", self, other))

    def __mul__(self, other: Number) -> Number:
        """Return the product; with an exact 0 it is exactly 0."""
        if isinstance(other, Fraction):
            if not other:
                return ZERO
            if abs(other) == 1:
                return self if other > 0 else -self
        p = self.precision
        return Enclosure(
            product((self.lower, self.upper), ends(other, p), p), p, ("*", self, other)
        )

    def __neg__(self) -> Enclosure:
        """Return the opposite number, which needs no rounding."""
        found = opposite(self)
        if found is not None:
            return found
        opposites = self.upper.copy_negate(), self.lower.copy_negate()
        return Enclosure(opposites, self.precision, ("-", self))

    def __sub__(self, other: Number) -> Number:
        """Return the difference."""
        return self + -other

    def __rsub__(self, other: Number) -> Number:
        """Return the difference from a fraction."""
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    @property
    def has_zero(self) -> bool:
        """Whether 0 lies between the ends."""
        return self.lower <= 0 <= self.upper

    @property
    def is_too_small(self) -> bool:
        """Whether it is smaller than every decimal, so that it cannot be distinguished from 0."""
        largest = max(self.lower.copy_abs(), self.upper.copy_abs())
        return largest.adjusted() < -limits.EXACT_EXPONENT

    def __repr__(self) -> str:
        """Show both ends."""
        return f"[{self.lower}, {self.upper}]"


Number: TypeAlias = Fraction | Enclosure


def added_to_one(number: Number) -> Number | None:
    """Return e, if a number is 1/(1 + e), as a sigmoid is."""
    if isinstance(number, Enclosure) and number.made[0] == "/":
        whole = number.made[1]
        if whole.made[0] == "+" and whole.made[2] == ONE:
            return whole.made[1]  # type: ignore[no-any-return]
    return None


def _without_cancellation(number: Enclosure) -> Number | None:
    """Return 1 + number for -1/(1 + e), which is e/(1 + e), and for -tanh(z)^2."""
    taken = opposite(number)
    if taken is None:
        return None
    if (e := added_to_one(taken)) is not None:
        return e * taken if ends(e, taken.precision)[1].is_finite() else None  # else it is near 1
    if taken.made[0] == "^" and taken.made[2] == 2 and taken.made[1].made[0] == "tanh":
        return taken.made[1].made[2]()  # type: ignore[no-any-return]
    return None


def _of_one_factor(number: Enclosure, other: Fraction) -> Number | None:
    """Return -q (1 - t) for q t - q, which SymPy makes of it, where 1 - t does not cancel."""
    name, *operands = number.made
    if name != "*" or operands[1] != -other:
        return None
    found = _without_cancellation(-operands[0])
    return None if found is None else found * other


def opposite(number: Number) -> Enclosure | None:
    """Return the number whose opposite this is known to be."""
    if isinstance(number, Enclosure) and number.made[0] == "-":
        return number.made[1]  # type: ignore[no-any-return]
    return None


def ends(number: Number, precision: Precision) -> Ends:
    """Return decimals that enclose a number."""
    if isinstance(number, Enclosure):
        return number.lower, number.upper
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > LONG:
        return _of_long_parts(number, precision)
    p, q = Decimal(number.numerator), Decimal(number.denominator)
    return precision.down.divide(p, q), precision.up.divide(p, q)


def _of_long_parts(number: Fraction, precision: Precision) -> Ends:
    """Enclose a fraction by the first bits of both parts: decimals of all take n^2 steps."""
    finer = Precision(precision.digits + _POWER_DIGITS)
    above, below = (_first_bits(n, finer) for n in (number.numerator, number.denominator))
    found = above * inverse(below)
    assert isinstance(found, Enclosure), "no product of 0"
    return precision.down.plus(found.lower), precision.up.plus(found.upper)


def _first_bits(whole: int, precision: Precision) -> Enclosure:
    """Enclose n by m 2^k and (m + 1) 2^k, where m has more bits than the digits need."""
    k = max(0, whole.bit_length() - 4 * precision.digits)
    m, made = whole >> k, ("number", whole)
    if not k:
        return Enclosure((Decimal(m), Decimal(m)), precision, made)
    lower, upper = (raised(Decimal(2), k, precision, up=up) for up in (False, True))
    kept = Decimal(m), Decimal(m + 1)
    return Enclosure(product(kept, (lower, upper), precision), precision, made)


def shortened(number: Fraction, precision: Precision) -> Number:
    """Enclose a fraction if it has so many digits that exact arithmetic would be slow."""
    if max(number.numerator.bit_length(), number.denominator.bit_length()) <= SHORT:
        return number
    return Enclosure(ends(number, precision), precision, ("number", number))


def size(number: Number) -> Number:
    """Return the absolute value."""
    if isinstance(number, Fraction):
        return abs(number)
    if number.lower >= 0:
        return number
    return Enclosure(modulus(number.lower, number.upper), number.precision, ("abs", number))


def inverse(number: Number) -> Number:
    """Return 1 divided by a number.

    Raises:
        NoValueError: If the number is 0.
        UndecidedError: If it may be 0.
    """
    if isinstance(number, Fraction):
        if not number:
            raise NoValueError("a division by 0")
        return 1 / number
    p = number.precision
    if number.has_zero:
        if not number.is_too_small:
            p.undecided()
        raise NoValueError("a division by 0, or nearly so")
    divided = p.down.divide(1, number.upper), p.up.divide(1, number.lower)
    return Enclosure(divided, p, ("/", number))


def whole_power(number: Number, exponent: int) -> Number:
    """Return a power with an integer exponent; an even one is not negative."""
    if exponent < 0:
        return inverse(whole_power(number, -exponent))
    if isinstance(number, Fraction):
        return number**exponent
    if exponent == 1:
        return number
    if exponent == 0:
        return ONE
    if exponent % 2 == 0:
        number = opposite(number) or number
    p, (lower, upper) = number.precision, (number.lower, number.upper)
    if exponent % 2 == 0:
        lower, upper = modulus(lower, upper)
    powers = raised(lower, exponent, p, up=False), raised(upper, exponent, p, up=True)
    return Enclosure(powers, p, ("^", number, exponent))


def modulus(lower: Decimal, upper: Decimal) -> Ends:
    """Enclose the absolute value of numbers between two ends."""
    if lower >= 0:
        return lower, upper
    if upper <= 0:
        return upper.copy_negate(), lower.copy_negate()
    return NOTHING, max(lower.copy_negate(), upper)


def raised(end: Decimal, exponent: int, precision: Precision, *, up: bool) -> Decimal:
    """Return a power of one end, rounded outwards at every step."""
    if end < 0:
        return raised(end.copy_negate(), exponent, precision, up=not up).copy_negate()
    arithmetic = precision.up if up else precision.down
    result = Decimal(1)
    for bit in f"{exponent:b}":
        result = arithmetic.multiply(result, result)
        if bit == "1":
            result = arithmetic.multiply(result, end)
    return result


def product(one: Ends, other: Ends, precision: Precision) -> Ends:
    """Multiply the ends that the signs choose."""
    (a, b), (c, d) = one, other
    down, up = precision.down.multiply, precision.up.multiply
    if a >= 0:
        return (down(a if c >= 0 else b, c), up(b if d >= 0 else a, d))
    if b <= 0:
        return (down(a if d >= 0 else b, d), up(b if c >= 0 else a, c))
    if c >= 0:
        return down(a, d), up(b, d)
    if d <= 0:
        return down(b, c), up(a, c)
    return min(down(a, d), down(b, c)), max(up(a, c), up(b, d))
