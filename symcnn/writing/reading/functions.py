"""The functions that formulas name, in floats."""
# ruff: noqa: RUF001  # characters that look alike are the point

from __future__ import annotations

from collections.abc import Callable
from math import erf, gamma
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_erf = np.vectorize(erf, otypes=[float])
_gamma = np.vectorize(gamma, otypes=[float])


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _normal_cdf(x: Array) -> Array:
    return np.asarray(_erf(x / np.sqrt(2)) / 2 + 0.5)


def factorial(x: Array) -> Array:
    """Return x!, also between whole numbers."""
    return np.asarray(_gamma(x + 1))


def power(base: Array, exponent: Array) -> Array:
    """Return a power."""
    return np.asarray(np.power(base, exponent))


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{"log": np.log, "ln": np.log, "exp": np.exp, "sign": np.sign, "sgn": np.sign},
    **{name: getattr(np, name) for name in ("arcsin", "arccos", "arctan")},
    **{"arsinh": np.arcsinh, "arcosh": np.arccosh, "artanh": np.arctanh},
    **{"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan},
    **{"asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh},
    **{"σ": _sigmoid, "Φ": _normal_cdf, "erf": _erf, "Γ": _gamma},
}
"""By their names or signs."""
