"""NumPy's floats, and complex numbers whose imaginary part is a small step.

An analytic function of x + i h has the value f(x) and the slope f'(x) in its imaginary
part, h f'(x), without any cancellation. Comparisons look at real parts, so that what is
not analytic, as a maximum, is one of its branches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, reduce
from math import erf
from operator import mul
from typing import Any

import numpy as np
from sympy import Dummy, Expr, exp
from sympy.codegen.cfunctions import log1p

from symcnn.equations.functions import (
    ELEMENTARY,
    DefinedFunction,
    Iverson,
    maximum,
    sigmoid,
    softplus,
)
from symcnn.reference.interpreter import Kind, Lazy

STEP = 2.0**-600
"""The h of the complex step. Its square is 0 in floats, so that no product (a + i h)(b + i h)
moves a real part off a kink; to divide by a power of 2 rounds nothing."""


def complex_numbers(slack: float = 0.0) -> Kind:
    """Return floats as a kind of number.

    Args:
        slack: Numbers that are no further apart than this, relative to their size, are
            equal: ties of exact numbers are seldom ties of floats.
    """

    def order(a: Any, b: Any) -> Any:
        a, b = np.real(a), np.real(b)
        near = slack * np.maximum(np.abs(a), np.abs(b)) if slack else 0.0
        return np.subtract(a > b + near, a < b - near, dtype=int)

    return Kind(
        float, np.exp, np.log, _power, order, _choose, _larger, _largest, _function, _definition
    )


def _power(base: Any, exponent: Fraction) -> Any:
    if exponent.denominator > 1:
        return np.power(base, float(exponent))
    # Repeated products: NumPy's complex power goes through logarithms.
    power = reduce(mul, [base] * abs(exponent.numerator), 1.0)
    return power if exponent > 0 else np.divide(1, power)  # infinite where Python's floats raise


def _choose(holds: Any, one: Lazy, other: Lazy) -> Any:
    return np.where(holds, one(), other())


def _larger(a: Any, b: Any) -> Any:
    return np.maximum(np.real(a), np.real(b))


def _largest(terms: Any, starts: Any) -> Any:
    return np.maximum.reduceat(np.real(terms), starts, axis=-1)


def _function(name: str) -> Callable[[Any], Any] | None:
    row = ELEMENTARY.get(name)
    return _OWN.get(name) or getattr(np, row.numpy if row else "", None)


@cache
def _definition(function: type[DefinedFunction]) -> tuple[Dummy, Expr]:
    """Return a definition in which nothing overflows."""
    e = exp(-maximum(-_Z, _Z))  # e to the -|z|
    if function is sigmoid:
        return _Z, (Iverson(_Z > 0) + e * Iverson(_Z <= 0)) / (1 + e)
    if function is softplus:
        return _Z, _Z * Iverson(_Z > 0) + log1p(e)
    return _Z, function.definition(_Z)


def _error_function(z: Any) -> Any:
    """Return erf(x) + i y erf'(x), which is erf(x + i y) where y^2 is below rounding."""
    real = np.vectorize(erf, otypes=[float])(np.real(z))
    if not np.iscomplexobj(z):
        return real
    return real + 1j * np.imag(z) * 2 / np.sqrt(np.pi) * np.exp(-(np.real(z) ** 2))


def _log1p(z: Any) -> Any:
    """Return log(1 + x) + i y / (1 + x): NumPy's own of complex numbers has no digit near 0."""
    real = np.log1p(np.real(z))
    return real + 1j * np.imag(z) / (1 + np.real(z)) if np.iscomplexobj(z) else real


_OWN = {"erf": _error_function, "log1p": _log1p, "floor": lambda z: np.floor(np.real(z))}

_Z = Dummy("z", real=True)

FLOATS = complex_numbers()

PERTURBED = replace(FLOATS, number=lambda number: float(number) * (1 + 2.0**-48))
"""Floats in which the constants of formulas are a few roundings larger than they are."""
