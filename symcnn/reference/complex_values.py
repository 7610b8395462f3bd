"""The value of a SymPy expression at complex numbers, by walking its tree."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from math import erf as real_erf
from typing import Any

import numpy as np
from sympy import Abs, Add, And, Basic, Expr, Max, Min, Mul, Piecewise, Pow, erf
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symcnn.errors import SymcnnError
from symcnn.functions import DefinedFunction, Iverson, maximum, sigmoid, softplus

_NUMPY_NAMES = {
    **{name: name for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}

Known = Mapping[Any, Any]
"""The values of symbols and entries."""


def complex_value(expression: Any, known: Known) -> Any:
    """Evaluate an expression; comparisons and maxima look at real parts.

    Raises:
        SymcnnError: If it holds a function that has no value here.
    """
    if expression in known:
        return known[expression]
    for kind, rule in _RULES:
        if isinstance(expression, kind):
            return rule(expression, known)
    if expression.is_number and not expression.args:
        return float(expression)
    name = expression.func.__name__
    if name not in _NUMPY_NAMES:
        raise SymcnnError(f"there is no numeric value for {name}(...) in {expression}")
    (argument,) = _arguments(expression, known)
    return getattr(np, _NUMPY_NAMES[name])(argument)


def _arguments(expression: Basic, known: Known) -> list[Any]:
    return [complex_value(argument, known) for argument in expression.args]


def _sum(expression: Add, known: Known) -> Any:
    return sum(_arguments(expression, known))


def _product(expression: Mul, known: Known) -> Any:
    return reduce(operator.mul, _arguments(expression, known))


def _power(expression: Pow, known: Known) -> Any:
    base, exponent = expression.args
    value = complex_value(base, known)
    if not exponent.is_Integer:
        return np.power(value + 0j, complex_value(exponent, known))
    # Repeated products: NumPy's complex power goes through logarithms.
    power = reduce(operator.mul, [value] * abs(int(exponent)), 1.0)
    return power if exponent > 0 else 1 / power


def _sigmoid(expression: sigmoid, known: Known) -> Any:
    z = complex_value(expression.args[0], known)
    towards_zero = np.exp(np.where(np.real(z) > 0, -z, z))
    return np.where(np.real(z) > 0, 1, towards_zero) / (1 + towards_zero)


def _softplus(expression: softplus, known: Known) -> Any:
    z = complex_value(expression.args[0], known)
    return np.where(np.real(z) > 0, z, 0) + np.log(1 + np.exp(np.where(np.real(z) > 0, -z, z)))


def _error_function(expression: erf, known: Known) -> Any:
    """Return erf(x) + i y erf'(x), which is erf(x + i y) where y^2 is below rounding."""
    z = complex_value(expression.args[0], known)
    real = np.vectorize(real_erf, otypes=[float])(np.real(z))
    return real + 1j * np.imag(z) * 2 / np.sqrt(np.pi) * np.exp(-(np.real(z) ** 2))


def _defined(expression: DefinedFunction, known: Known) -> Any:
    return complex_value(expression.definition(*expression.args), known)


def _largest(expression: Expr, known: Known) -> Any:
    return reduce(
        lambda a, b: np.where(np.real(b) > np.real(a), b, a), _arguments(expression, known)
    )


def _smallest(expression: Expr, known: Known) -> Any:
    return reduce(
        lambda a, b: np.where(np.real(b) < np.real(a), b, a), _arguments(expression, known)
    )


def _modulus(expression: Abs, known: Known) -> Any:
    z = complex_value(expression.args[0], known)
    return z * np.sign(np.real(z))


def _relation(expression: Relational, known: Known) -> Any:
    left, right = _arguments(expression, known)
    return _COMPARISONS[expression.rel_op](np.real(left), np.real(right))


def _all(expression: And, known: Known) -> Any:
    return reduce(np.logical_and, _arguments(expression, known))


def _bracket(expression: Iverson, known: Known) -> Any:
    return _all(expression, known) * 1.0


def _cases(expression: Piecewise, known: Known) -> Any:
    result: Any = 0.0
    for value, condition in reversed(expression.args):
        holds = complex_value(condition, known)
        result = np.where(holds, complex_value(value, known), result)
    return result


def _truth(expression: BooleanAtom, known: Known) -> Any:
    return bool(expression)


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}

_RULES: tuple[tuple[type, Callable[[Any, Known], Any]], ...] = (
    (Add, _sum),
    (Mul, _product),
    (Pow, _power),
    (sigmoid, _sigmoid),
    (softplus, _softplus),
    (erf, _error_function),
    (DefinedFunction, _defined),
    (Iverson, _bracket),
    (Max | maximum, _largest),
    (Min, _smallest),
    (Abs, _modulus),
    (Relational, _relation),
    (And, _all),
    (Piecewise, _cases),
    (BooleanAtom, _truth),
)
