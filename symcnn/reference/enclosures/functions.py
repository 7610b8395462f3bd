"""Functions of enclosures: each is monotone, and is evaluated at both ends.

Python's decimal exponentials, logarithms and square roots are rounded correctly, to the
nearest number of so many digits; its two neighbours enclose the exact value. The slopes of
sines, cosines and arctangents lie between -1 and 1, so that over an interval each is at most
half the width away from its value in the middle, which is mpmath's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial
from hashlib import blake2b
from math import isqrt
from typing import Any, TypeGuard

from mpmath import libmp  # type: ignore[import-untyped]  # it ships no types
from sympy import Expr, Float, Integer, Rational, S

from symcnn import limits
from symcnn.equations.values.floats import MULTIPRECISION
from symcnn.reference.enclosures import elementary
from symcnn.reference.enclosures.enclosure import (
    NOTHING,
    ONE,
    SHORT,
    ZERO,
    Enclosure,
    Ends,
    NoValueError,
    Number,
    Precision,
    added_to_one,
    beyond,
    ends,
    inverse,
    size,
    whole_power,
)

# The binary numbers that mpmath computes with, as fractions.


def fraction(binary: tuple[Any, ...]) -> Fraction:
    """Return n 2^k for a float of mpmath's, in Python's own integers.

    If gmpy2 is installed, mpmath uses its integers, which cannot be converted to decimals.
    """
    return Fraction(*map(int, libmp.to_rational(binary)))


# Equality of irrational numbers, decided by residues of the expressions that define them.


_PRIME = 2**127 - 1
_SUMMANDS = 1_000


def is_zero(number: Number) -> bool:
    """Tell whether a number is certainly 0."""
    if isinstance(number, Fraction):
        return not number
    if not number.has_zero:
        return False
    try:
        return residue(number) == 0
    except ValueError:  # a divisor is a multiple of the prime, which it never is
        return False


def residue(number: Number) -> int:
    """Return the residue of a number, after those of its operands."""
    waiting = [number]
    while waiting:
        top = waiting[-1]
        missing = [part for part in _parts(top) if part.residue is None]
        if missing:
            waiting += missing
            continue
        if isinstance(top, Enclosure):
            top.residue = _made(top)
        waiting.pop()
    return _known(number)


def _parts(number: Number) -> list[Enclosure]:
    if not isinstance(number, Enclosure) or number.residue is not None:
        return []
    return [part for part in number.made if isinstance(part, Enclosure)]


def _known(number: Number) -> int:
    if isinstance(number, Enclosure):
        assert number.residue is not None, "residues are found from the ground up"
        return number.residue
    return number.numerator * pow(number.denominator, -1, _PRIME) % _PRIME


def _made(number: Enclosure) -> int:
    """Return the residue of a number whose operands have theirs."""
    name, *operands = number.made
    if name == "+":
        return sum(map(_known, operands)) % _PRIME
    if name == "*":
        one, other = map(_known, operands)
        return one * other % _PRIME
    if name == "^":
        return pow(_known(operands[0]), operands[1], _PRIME)
    if name == "/":
        return pow(_known(operands[0]), -1, _PRIME)
    if name == "-":
        return -_known(operands[0]) % _PRIME
    return _function(name, operands)


def _function(name: str, operands: list[Number]) -> int:
    """Return the residue of a function's value: drawn, the same for the same argument."""
    if name == "exp":
        return _exponential(operands[0])
    if name == "expm1":
        return (_exponential(operands[0]) - 1) % _PRIME
    if name == "tanh":
        square = _exponential(operands[0] * Fraction(2))
        return (square - 1) * pow(square + 1, -1, _PRIME) % _PRIME
    if name == "log1p":
        return _drawn("log", _known(operands[0]) + 1)
    if name == "erfc":
        return (1 - _drawn("erf", _known(operands[0]))) % _PRIME
    if name == "number":  # pi and the like
        return _drawn(str(operands[0]))
    if name == "abs":
        found = _known(operands[0])
        return _drawn(name, min(found, _PRIME - found)) if found else 0
    return _drawn(name, *map(_known, operands))


def _exponential(z: Number) -> int:
    """Return e to a sum: the logarithms in it leave what they are of."""
    factor, rest = 1, 0
    for coefficient, part in _summands(z):
        inside = _inside_logarithm(part)
        if inside is not None and coefficient.denominator == 1:
            factor = factor * pow(inside, coefficient.numerator, _PRIME) % _PRIME
        else:
            rest += _known(coefficient) * _known(part)
    return factor * _power_of_e(rest % _PRIME) % _PRIME


def _inside_logarithm(number: Number) -> int | None:
    """Return the residue of the argument of a logarithm."""
    if not isinstance(number, Enclosure) or number.made[0] not in ("log", "log1p"):
        return None
    of = _known(number.made[1])
    return of + 1 if number.made[0] == "log1p" else of


def _power_of_e(exponent: int) -> int:
    if exponent == 0:
        return 1
    if exponent > _PRIME // 2:
        return pow(_drawn("exp", _PRIME - exponent), -1, _PRIME)
    return _drawn("exp", exponent)


def _summands(number: Number) -> Iterator[tuple[Fraction, Number]]:
    """Split a sum into multiples."""
    waiting: list[tuple[Fraction, Number]] = [(Fraction(1), number)]
    for _ in range(_SUMMANDS):
        if not waiting:
            return
        coefficient, top = waiting.pop()
        name, *operands = top.made if isinstance(top, Enclosure) else ("", None)
        rational = [part for part in operands if isinstance(part, Fraction)]
        if name == "+":
            waiting += [(coefficient, part) for part in operands]
        elif name == "-":
            waiting.append((-coefficient, operands[0]))
        elif name == "*" and rational:
            waiting.append((coefficient * rational[0], operands[0]))
        else:
            yield coefficient, top
    yield from waiting


def _drawn(name: str, *arguments: int) -> int:
    """Return a pseudorandom residue, the same every time."""
    text = repr((name, *(argument % _PRIME for argument in arguments))).encode()
    return int.from_bytes(blake2b(text, digest_size=20).digest(), "big") % _PRIME


Point = Callable[[Decimal, Precision], Ends]
"""Encloses the value of a function at a decimal."""


def exp(z: Number, precision: Precision) -> Number:
    """Return e to the z; e to the 0 is exactly 1."""
    return ONE if z == ZERO else _increasing("exp", elementary.exp, z, precision)


def expm1(z: Number, precision: Precision) -> Number:
    """Return exp(z) - 1, without cancellation near 0."""
    return ZERO if z == ZERO else _increasing("expm1", elementary.expm1, z, precision)


def log(z: Number, precision: Precision) -> Number:
    """Return the natural logarithm: that of 1 is exactly 0, that of 1/(1 + e) is -log1p(e)."""
    if z == ONE or is_zero(z - ONE):  # a softmax sums to 1
        return ZERO
    if (e := added_to_one(z)) is not None:
        return -log1p(e, precision)
    if _is_beyond(z) and z.made[0] == "+" and z.made[2] == ONE:
        return log1p(z.made[1], precision)
    _positive(z, precision)
    return _increasing("log", elementary.log, z, precision)


def log1p(z: Number, precision: Precision) -> Number:
    """Return log(1 + z), without cancellation near 0; that of e^x is also x + log(1 + e^-x)."""
    if z == ZERO:
        return ZERO
    if _is_beyond(z) and z.made[0] == "exp":
        exponent: Number = z.made[1]
        return exponent + log1p(exp(-exponent, precision), precision)
    _positive(z + ONE, precision)
    return _increasing("log1p", elementary.log1p, z, precision)


def tanh(z: Number, precision: Precision) -> Number:
    """Return the hyperbolic tangent."""
    if z == ZERO:
        return ZERO
    made = _increasing("tanh", elementary.tanh, z, precision)
    made.made = ("tanh", z, partial(_slope_of_tanh, z, precision))
    return made


def _slope_of_tanh(z: Number, precision: Precision) -> Number:
    """Return 1 - tanh(z)^2 = 4 e/(1 + e)^2 with e = exp(-2 |z|), which does not cancel."""
    e = exp(size(z) * Fraction(-2), precision)
    share = inverse(e + ONE)
    return e * share * share * Fraction(4)


def erf(z: Number, precision: Precision) -> Number:
    """Return the error function."""
    return ZERO if z == ZERO else _increasing("erf", elementary.erf, z, precision)


def erfc(z: Number, precision: Precision) -> Number:
    """Return 1 - erf(z), without cancellation far on the right."""
    if z == ZERO:
        return ONE
    lower, upper = ends(z, precision)
    found = elementary.erfc(upper, precision)[0], elementary.erfc(lower, precision)[1]
    return Enclosure(found, precision, ("erfc", z))


def sqrt(z: Number, precision: Precision) -> Number:
    """Return the square root; that of a square of a fraction is a fraction."""
    if isinstance(z, Fraction):
        if z < 0:
            raise NoValueError(f"the square root of {shown(z)}")
        p, q = isqrt(z.numerator), isqrt(z.denominator)
        if p * p == z.numerator and q * q == z.denominator:
            return Fraction(p, q)
    elif z.lower < 0:
        if z.upper < 0:
            raise NoValueError(f"the square root of {shown(z)}")
        if is_zero(z):
            return ZERO
        precision.undecided()
        z = Enclosure((NOTHING, z.upper), precision, z.made)
    return _increasing("sqrt", elementary.sqrt, z, precision)


def power(z: Number, exponent: Fraction, precision: Precision) -> Number:
    """Return a rational power."""
    if exponent.denominator == 1:
        return whole_power(z, exponent.numerator)
    if exponent.denominator == 2:
        return whole_power(sqrt(z, precision), exponent.numerator)
    if z == ZERO and exponent > 0:
        return ZERO
    _positive(z, precision)
    return exp(log(z, precision) * exponent, precision)


def sign(a: Number, b: Number) -> int:
    """Return the sign of a - b.

    Raises:
        UndecidedError: If more digits are needed to tell.
    """
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    difference = a - b
    if isinstance(difference, Fraction):
        return (difference > 0) - (difference < 0)
    if difference.lower > 0:
        return 1
    if difference.upper < 0:
        return -1
    if not is_zero(difference):
        difference.precision.undecided()
    return 0


def shown(number: Number) -> str:
    """Return a number to a few digits, for messages."""
    if isinstance(number, Fraction) and len(str(number)) <= 12:
        return str(number)
    if isinstance(number, Enclosure) and number.has_zero:
        return "0, or nearly so,"
    middle = number.lower if isinstance(number, Enclosure) else ends(number, Precision())[0]
    return f"{middle:.6g}"


def _is_beyond(z: Number) -> TypeGuard[Enclosure]:
    """Tell whether a number may be larger than every decimal."""
    return isinstance(z, Enclosure) and z.upper.is_infinite()


def _positive(z: Number, precision: Precision) -> None:
    """Require a positive number.

    Raises:
        NoValueError: If a number is 0 or negative.
        UndecidedError: If it may be.
    """
    low, high = (z, z) if isinstance(z, Fraction) else (z.lower, z.upper)
    if low > 0:
        return
    is_nothing = isinstance(z, Fraction) or z.is_too_small
    if high > 0 and not is_nothing and not is_zero(z):
        precision.undecided()
    raise NoValueError(f"the logarithm of {shown(ZERO if is_zero(z) else z)}")


def _increasing(name: str, at: Point, z: Number, precision: Precision) -> Enclosure:
    """Evaluate an increasing function at both ends."""
    lower, upper = ends(z, precision)
    found = at(lower, precision)[0], at(upper, precision)[1]
    return Enclosure(found, precision, (name, z))


_GUARD = 64
"""The bits beyond the digits: mpmath errs in the last few of its own."""


def floor(z: Number, precision: Precision) -> Number:
    """Return the largest integer that is not above it.

    Raises:
        UndecidedError: If more digits are needed to tell.
    """
    if isinstance(z, Fraction):
        return Fraction(z.numerator // z.denominator)
    low, high = (Fraction(end) for end in (z.lower, z.upper))
    above = Fraction(high.numerator // high.denominator)
    if low < above and not is_zero(z - above):
        z.precision.undecided()
    return above


def sin(z: Number, precision: Precision) -> Number:
    """Return the sine; that of 0 is exactly 0."""
    return ZERO if z == ZERO else _enclosed("sin", libmp.mpf_sin, z, precision)


def cos(z: Number, precision: Precision) -> Number:
    """Return the cosine; that of 0 is exactly 1."""
    return ONE if z == ZERO else _enclosed("cos", libmp.mpf_cos, z, precision)


def atan(z: Number, precision: Precision) -> Number:
    """Return the arctangent; that of 0 is exactly 0."""
    return ZERO if z == ZERO else _enclosed("atan", libmp.mpf_atan, z, precision)


def _enclosed(
    name: str, function: Callable[..., Any], z: Number, precision: Precision
) -> Enclosure:
    lower, upper = (z, z) if isinstance(z, Fraction) else (Fraction(z.lower), Fraction(z.upper))
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    bits = 4 * precision.digits + _GUARD
    # Rounding the argument moves the value by as much at most, and small values are as small.
    size = abs(abs(middle.numerator).bit_length() - middle.denominator.bit_length()) + 1
    with MULTIPRECISION:
        argument = libmp.from_rational(
            middle.numerator, middle.denominator, bits + size, libmp.round_nearest
        )
        value = fraction(function(argument, bits + size, libmp.round_nearest))
    radius = half + Fraction(1, 2 ** (bits + size - _GUARD // 2))
    found = ends(value - radius, precision)[0], ends(value + radius, precision)[1]
    return Enclosure(found, precision, (name, z))


# Conversion between SymPy's numbers and exact ones.


_SHORT = Context(prec=15)
"""How many digits a number has that is proved to be a decimal."""

_MODERATE = 100
"""A decimal of a larger or a smaller order is no short one, and a fraction of many digits."""


def from_sympy(number: Expr, precision: Precision) -> Number:
    """Return a number of SymPy's exactly: a float as the fraction that it represents.

    Raises:
        NoValueError: If it is not real, or infinite.
    """
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    if number.is_Float:
        return _binary(number, precision)
    if number is S.Exp1:
        return exp(ONE, precision)
    if not (number.is_real and number.is_finite):
        raise NoValueError("what is no real number")
    digits = precision.digits + 10
    with MULTIPRECISION:
        found = fraction(number.evalf(digits)._mpf_)
    error = abs(found) / 10**precision.digits
    around = ends(found - error, precision)[0], ends(found + error, precision)[1]
    return Enclosure(around, precision, ("number", number))


def _binary(number: Float, precision: Precision) -> Number:
    """Return n 2^k, as a fraction unless that would hold thousands of digits."""
    sign, n, k, _ = number._mpf_
    if abs(k) <= SHORT:
        return fraction(number._mpf_)
    two = Enclosure((Decimal(2), Decimal(2)), precision, ("number", Integer(2)))
    return whole_power(two, k) * Fraction(int(-n if sign else n))


def to_decimal(number: Expr) -> Decimal:
    """Return a decimal for a real number of SymPy's, correct to more digits than it has.

    That is also what ``str`` is for, which computes with the digits of log(2) and log(10) that
    mpmath shares between threads.
    """
    precision = Precision()
    lower, _ = ends(from_sympy(number, precision), precision)
    return lower


def to_sympy(number: Number, digits: int) -> Expr:
    """Return what a number exactly is, or the nearest float of so many digits: all are certain.

    Raises:
        NoValueError: If the number is too large.
        UndecidedError: If more digits are needed to tell which one is nearest.
    """
    if isinstance(number, Fraction):
        return Rational(number.numerator, number.denominator)
    if (decimal := _decimal(number)) is not None:
        return Rational(decimal.numerator, decimal.denominator)
    if not (number.lower.is_finite() and number.upper.is_finite()):
        if not _is_too_large(number):
            number.precision.undecided()
        raise NoValueError(beyond())
    if _is_too_small(number):
        number.precision.doubts += 1
        return Float(0, digits)
    lower, upper = (_nearest(end, digits) for end in (number.lower, number.upper))
    if lower != upper:
        number.precision.undecided()
        return Float(0, digits) if number.has_zero else lower
    return lower


def _decimal(number: Enclosure) -> Fraction | None:
    """Return the short decimal that a number certainly is: 1 for the sum of a softmax.

    A decimal inside of a narrow enclosure is asked for, and its difference from the number
    is proved to be 0.
    """
    if is_zero(number):
        return Fraction(0)
    if not (number.lower.is_finite() and number.upper.is_finite()):
        return None
    short = _SHORT.plus(number.upper)
    if abs(short.adjusted()) > _MODERATE or not number.lower <= short <= number.upper:
        return None
    found = Fraction(short)
    return found if is_zero(number - found) else None


def _is_too_large(number: Enclosure) -> bool:
    """Tell whether both ends are, so that more digits do not help."""
    least = min(number.lower.copy_abs(), number.upper.copy_abs())
    same = number.lower.is_signed() == number.upper.is_signed()
    return same and (not least.is_finite() or least.adjusted() > limits.EXACT_EXPONENT * 9 // 10)


def _is_too_small(number: Enclosure) -> bool:
    """Tell whether a number is too close to 0 for any precision to distinguish it from 0."""
    _, largest = ends(size(number), number.precision)
    return number.has_zero and largest.adjusted() < -limits.EXACT_EXPONENT * 9 // 10


_GUARD_BITS = 64
"""So many more are seldom not enough to round as all would."""


def _nearest(end: Decimal, digits: int) -> Float:
    """Return the float that is nearest to a decimal."""
    bits = libmp.dps_to_prec(digits)
    sign, written, exponent = end.as_tuple()
    assert isinstance(exponent, int), "the ends are finite"
    whole = libmp.from_int(int(Decimal((sign, written, 0))))
    # 10^n = 5^n 2^n, and the power of 2 is no work.
    found = _around(whole, exponent, bits)
    if found is None:
        above = libmp.mpf_mul(whole, libmp.from_int(5 ** max(exponent, 0)))
        below = libmp.from_int(5 ** max(-exponent, 0))
        found = libmp.mpf_div(above, below, bits, libmp.round_nearest)
    return Float(libmp.mpf_shift(found, exponent), precision=bits)


def _around(whole: Any, exponent: int, bits: int) -> Any:
    """Return the float that is nearest to m 5^n, if a bound below and one above tell it."""
    finer = bits + whole[-1] + _GUARD_BITS
    bounds = (
        libmp.mpf_mul(whole, libmp.mpf_pow_int(libmp.from_int(5), exponent, finer, rounding))
        for rounding in (libmp.round_down, libmp.round_up)
    )
    lower, upper = (libmp.mpf_pos(bound, bits, libmp.round_nearest) for bound in bounds)
    return lower if lower == upper else None
