"""A witness in floating point, for networks too large for exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import prod

import numpy as np
from sympy import Expr, Float, Symbol
from sympy.core.relational import Relational

from symcnn.derivation import Derivation
from symcnn.explanation.values import program_values
from symcnn.functions import Iverson
from symcnn.programs import Program
from symcnn.reference import Forward
from symcnn.values import Values
from symcnn.values.evaluation import Array

_RELATIVE, _ABSOLUTE, _ROUNDINGS = 1e-9, 1e-13, 16

_SHAKE = 2.0**-48


class FloatWitness:
    """The values of all entries as floats: from the forward pass, and complex steps on it.

    The many entries that one formula is made of come from the derived program; the entry
    that a row is about is measured there too.
    """

    def __init__(
        self, derivation: Derivation, program: Program, values: Mapping[str, Array]
    ) -> None:
        """Take the derived program, and the numbers by the tensors' names."""
        self._measured = _measured(derivation, values)
        self._shaken = _measured(derivation, _shaken(values))
        self._known = program_values(derivation, program, values)

    def holds(self, symbol: Symbol, right: Expr) -> bool:
        """Tell whether an entry equals an expression of entries, but for rounding."""
        return self._is_near(symbol, _number(right, self._known), 0.0)

    def shows(self, entry: Expr, figure: Expr | Fraction, margin: Fraction) -> bool:
        """Tell whether the value of an expression is at most ``margin`` away from a figure."""
        return self._is_near(entry, float(figure), float(margin))

    def number(self, expression: Expr) -> float:
        """Return the value of an entry as measured, or of an expression of entries."""
        return (
            self._measured(expression) if expression.is_Symbol else _number(expression, self._known)
        )

    def _is_near(self, entry: Expr, found: float, margin: float) -> bool:
        expected = _number(entry, self._measured)
        beyond = abs(expected - found) - margin
        if beyond <= _ABSOLUTE + _RELATIVE * max(abs(expected), abs(found)):
            return True
        # Near-cancellation: numbers that differ by little more than rounding tell how many
        # digits of the value are known.
        return beyond <= _ROUNDINGS * abs(expected - _number(entry, self._shaken))


def _number(expression: Expr, known: Callable[[Symbol], float]) -> float:
    """Evaluate in floating point, by arithmetic alone where an expression has no more."""
    if expression.is_Symbol:
        return known(expression)
    if expression.is_Number:
        return float(expression)
    if isinstance(expression, Iverson):
        return float(all(_holds(condition, known) for condition in expression.args))
    arguments = [_number(argument, known) for argument in expression.args]
    if expression.is_Add:
        return sum(arguments)
    if expression.is_Mul:
        return prod(arguments)
    if expression.is_Pow:
        return float(arguments[0] ** arguments[1])
    return float(expression.func(*map(Float, arguments)))


def _holds(condition: Relational, known: Callable[[Symbol], float]) -> bool:
    return bool(condition.func(*(_number(side, known) for side in condition.args)))


def _measured(derivation: Derivation, values: Values) -> Callable[[Symbol], float]:
    passed = Forward(derivation.network, values)
    names = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}

    @cache
    def value(symbol: Symbol) -> float:
        tensor, position = derivation.entries.locate(symbol)
        if tensor.role == "adjoint":
            return passed.derivative(names[tensor.name], position)
        return float(passed.values[tensor.name][position])

    return value


def _shaken(values: Mapping[str, Array]) -> dict[str, Array]:
    """Move every number by a few roundings, up and down in turn."""
    return {
        name: array * (1 + _SHAKE * (-1) ** np.arange(array.size).reshape(array.shape))
        for name, array in values.items()
    }
