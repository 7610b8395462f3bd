"""The binary numbers that mpmath computes with, as fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from mpmath import libmp  # type: ignore[import-untyped]  # it ships no types


def fraction(binary: tuple[Any, ...]) -> Fraction:
    """Return n 2^k for a float of mpmath's, in Python's own integers.

    If gmpy2 is installed, mpmath uses its integers, which cannot be converted to decimals.
    """
    return Fraction(*map(int, libmp.to_rational(binary)))
