"""An oracle in exact numbers, for small networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from sympy import Expr, Symbol

from symcnn.derivation import Derivation
from symcnn.explanation.numbers import Measured
from symcnn.reference import EXACT, Dual, ExactForward, evaluate
from symcnn.reference.exact_numbers import (
    Number,
    decimal,
    exact_number,
    minus,
    size,
    times,
    twice_the_digits,
)

_EQUAL = Fraction(1, 10**40)
"""Rounded numbers that are no further apart than this, relative to their size, are equal."""

_FINER = Fraction(1, 10**30)
"""With twice the digits, a difference that is rounding shrinks by more than this."""

_NOTHING = Fraction(1, 10**40)
"""Where a figure is no larger than this, it may be what 50 digits leave of a zero."""

_TO_FIFTY = Fraction(10**22)
"""How much larger than here the rounding of a figure of 50 digits may be."""


class ExactOracle:
    """The values of all entries: fractions, or 70 digits of what is not rational.

    Two fractions are equal or not. Where decimals nearly cancel, few of their digits are
    left: then both sides are computed with twice as many, and a difference that was
    rounding is gone.
    """

    def __init__(self, derivation: Derivation, values: Mapping[str, Sequence[Expr]]) -> None:
        """Take exact numbers, flat, by the tensors' names.

        Raises:
            ArithmeticError: If some entry has no real value.
        """
        self._derivation, self._values = derivation, values
        self._known = Measured(derivation, ExactForward(derivation.network, values), Dual)

    def holds(self, symbol: Symbol, right: Expr) -> bool:
        """Tell whether an entry equals an expression of entries."""
        value, found = self._value(symbol), self._value(right)
        if value == found:
            return True
        difference = size(minus(value, found))
        if isinstance(difference, Fraction) or difference <= times(_EQUAL, size(value)):
            return not isinstance(difference, Fraction)
        with twice_the_digits():
            finer = minus(self._finer._value(symbol), self._finer._value(right))
            return bool(size(finer) <= times(_FINER, difference))

    def shows(self, entry: Expr, figure: Expr | Fraction, margin: Fraction) -> bool:
        """Tell whether the value of an expression is at most ``margin`` away from a figure."""
        number = figure if isinstance(figure, Fraction) else exact_number(figure)
        value = self._value(entry)
        if isinstance(value, Fraction) and isinstance(number, Fraction):
            return abs(value - number) <= margin
        beyond = minus(size(minus(value, number)), margin)
        return beyond <= times(_EQUAL, size(value)) or beyond <= self._doubt(entry)

    def number(self, expression: Expr) -> float:
        """Return the nearest float to the value of an expression."""
        return float(decimal(self._value(expression)))

    def _value(self, expression: Expr) -> Number:
        return evaluate(expression, self._known, EXACT).value  # type: ignore[no-any-return]

    def _doubt(self, entry: Expr) -> Number:
        """Return how far a figure of 50 digits may be from the value."""
        with twice_the_digits():
            rounding = size(minus(self._value(entry), self._finer._value(entry)))
            return max(_NOTHING, times(_TO_FIFTY, rounding))

    @cached_property
    def _finer(self) -> ExactOracle:
        """The same with twice the digits, while they are computed with."""
        return ExactOracle(self._derivation, self._values)
