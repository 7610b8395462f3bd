"""The functions that formulas name, in floats, or in more digits where floats do not reach.

log(1 + e^1000) has a value, but no float holds e^1000. Arrays of mpmath's numbers have room for it.
"""
# ruff: noqa: RUF001  # characters that look alike are the point

from __future__ import annotations

import re
from collections.abc import Callable
from math import erf, gamma
from typing import Any

import mpmath  # type: ignore[import-untyped]  # it ships no types
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_DIGITS: Any = mpmath.MPContext()
_DIGITS.dps = 40

_LARGEST_EXPONENT = 1100
"""Of arguments, in bits: what floats hold is smaller, and the digits of e^(2^n) take time n^2."""


def precise(value: str | float) -> Array:
    """Return a number with more digits and a larger exponent than floats have."""
    array = np.empty((), dtype=object)
    array[()] = _DIGITS.mpf(value)
    return array


def _is_precise(x: Array) -> bool:
    return np.asarray(x).dtype == object


def _beyond(x: Any) -> bool:
    return bool(_DIGITS.isfinite(x) and x and _DIGITS.mag(x) > _LARGEST_EXPONENT)


def _function(in_floats: Callable[[Any], Any], name: str) -> Callable[[Array], Array]:
    """Return a function of floats, and of numbers with more digits by its name in mpmath."""
    with_digits = getattr(_DIGITS, name)

    def at(x: Any) -> Any:
        x = _DIGITS.mpf(x)
        if name != "log" and _beyond(x):
            return _DIGITS.mpf(float(in_floats(np.inf if x > 0 else -np.inf)))
        made = with_digits(x)
        return _DIGITS.nan if isinstance(made, _DIGITS.mpc) else made

    precisely = np.frompyfunc(at, 1, 1)
    return lambda x: np.asarray((precisely if _is_precise(x) else in_floats)(x), dtype=_kind(x))


def _kind(x: Array) -> Any:
    return object if _is_precise(x) else None


exponential, _erf, _gamma = (
    _function(np.exp, "exp"),
    _function(np.vectorize(erf, otypes=[float]), "erf"),
    _function(np.vectorize(gamma, otypes=[float]), "gamma"),
)


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + exponential(-x)))


def _normal_cdf(x: Array) -> Array:
    return np.asarray(_erf(x / np.sqrt(2)) / 2 + 0.5)


def factorial(x: Array) -> Array:
    """Return x!, also between whole numbers."""
    return np.asarray(_gamma(x + 1))


def power(base: Array, exponent: Array) -> Array:
    """Return a power."""
    if _is_precise(base) or _is_precise(exponent):
        return np.asarray(_precise_power(base, exponent), dtype=object)
    return np.asarray(np.power(base, exponent))


def _one_power(base: Any, exponent: Any) -> Any:
    base, exponent = _DIGITS.mpf(base), _DIGITS.mpf(exponent)
    if _beyond(exponent):
        return _DIGITS.mpf(float(np.power(float(base), float(exponent))))
    if (base < 0 and not _DIGITS.isint(exponent)) or (base == 0 and exponent < 0):
        return _DIGITS.nan
    return base**exponent


_precise_power = np.frompyfunc(_one_power, 2, 1)

_ELEMENTARY = {
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "sign")},
    **{"log": "log", "ln": "log", "sgn": "sign"},
    **{"arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh"},
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan")},
    **{f"a{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}
"""What mpmath calls them."""

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    name: _function(getattr(np, re.sub("^a", "arc", own)), own) for name, own in _ELEMENTARY.items()
} | {"σ": _sigmoid, "Φ": _normal_cdf, "erf": _erf, "Γ": _gamma}
"""By their names or signs."""
