"""Sines, cosines and arctangents, enclosed.

Their slopes lie between -1 and 1, so that over an interval each is at most half the width
away from its value in the middle. That value is mpmath's.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath import libmp  # type: ignore[import-untyped]  # it ships no types

from symcnn.equations.values.multiprecision import MULTIPRECISION
from symcnn.reference.enclosures.binary import fraction
from symcnn.reference.enclosures.enclosure import ONE, ZERO, Enclosure, Number, ends
from symcnn.reference.enclosures.precision import Precision

_GUARD = 64
"""The bits beyond the digits: mpmath errs in the last few of its own."""


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
