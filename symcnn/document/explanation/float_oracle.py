"""An oracle in floating point, for networks too large for exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from sympy import Expr, Symbol

from symcnn.derivation import Derivation
from symcnn.derivation.computed import Computed, Perturbed
from symcnn.derivation.jacobians import Moved
from symcnn.document.explanation.numbers import Locate, Measured
from symcnn.equations.values import perturbed
from symcnn.equations.values.evaluation import Array
from symcnn.reference import FLOATS, Forward, LocalForward, evaluate

_RELATIVE, _ABSOLUTE, _ROUNDINGS = 1e-9, 1e-13, 16

Floats = Mapping[str, Array]
"""Arrays by tensor name."""


class FloatOracle:
    """The values of all entries as floats: from the forward pass and its derivatives."""

    def __init__(
        self,
        derivation: Derivation,
        passed: Forward | LocalForward,
        values: Floats,
        locate: Locate | None = None,
    ) -> None:
        """Take the numbers of everything given, and what follows from them.

        Args:
            derivation: What is checked.
            passed: The forward pass at the numbers.
            values: The numbers, by tensor name.
            locate: What finds entries, those of second order too.
        """
        moved = perturbed(values, derivation.network.indexing)
        near = passed.at(moved)
        self._measured, self._near = (
            Measured(derivation, made, float, locate) for made in (passed, near)
        )
        slopes = {name: passed.derivatives(name) for name in derivation.adjoints}
        self._locate = locate
        self._made = derivation, passed.joint_values, slopes, self._second
        self._beside = Computed(*self._made)

    def holds(self, symbol: Symbol, right: Expr) -> bool:
        """Tell whether an entry equals an expression of entries, but for rounding."""
        found = self._beside.number(right)
        return self._is_near(symbol, found, 0.0) or self._is_near(
            symbol, found, _ROUNDINGS * self._rounding(right)
        )

    def shows(self, entry: Expr, figure: Expr | Fraction, margin: Fraction) -> bool:
        """Tell whether the value of an expression is at most ``margin`` away from a figure."""
        return self._is_near(entry, float(figure), float(margin))

    def number(self, expression: Expr) -> float:
        """Return the value of an entry as measured, or of an expression of entries."""
        if expression.is_Symbol:
            return _number(expression, self._measured)
        return self._beside.number(expression)

    def _second(self, symbol: Symbol) -> float | None:
        """Return an entry of second order; None for any other."""
        if self._locate is None or not isinstance(self._locate(symbol)[0], Moved):
            return None
        return float(self._measured[symbol])

    def _rounding(self, expression: Expr) -> float:
        """Return how far an expression moves if each entry in it is moved by a few roundings.

        A difference of large numbers, such as that in exp(z - l), has the rounding of both.
        """
        moved = Perturbed(*self._made)
        made = np.real(evaluate(expression, moved, FLOATS))
        return float(np.max(made) - np.min(made))

    def _is_near(self, entry: Expr, found: float, margin: float) -> bool:
        """Compare what was measured with what was found."""
        expected = _number(entry, self._measured)
        beyond = abs(expected - found) - margin
        if beyond <= _ABSOLUTE + _RELATIVE * max(abs(expected), abs(found)):
            return True
        # Near-cancellation: numbers that differ by little more than rounding tell how many
        # digits of the value are known.
        return beyond <= _ROUNDINGS * abs(expected - _number(entry, self._near))


def _number(expression: Expr, measured: Measured) -> float:
    return float(np.real(evaluate(expression, measured, FLOATS)))
