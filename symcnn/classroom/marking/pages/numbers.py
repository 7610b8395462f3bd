"""The numbers that a student computed with: figures as they were written.

What was not written is computed from what was, and given numbers are as they are given.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context

from sympy import Expr, Float, Rational, S, Symbol

from symcnn import limits
from symcnn.classroom.marking.asked import AFTER_A_STEP
from symcnn.classroom.marking.figure import Figure
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.intervals.arithmetic import number, values
from symcnn.classroom.marking.intervals.interval import Interval, between, meets, middle
from symcnn.classroom.marking.intervals.written import Written
from symcnn.errors import SymcnnError
from symcnn.problems import Problem

_DIGITS = 30
"""The digits of a number that is not exact: of 40 that are computed, some are lost."""


class Numbers:
    """Every entry as a student has it."""

    def __init__(self, problem: Problem, figures: Iterable[Figure]) -> None:
        """Take the figures of a sheet."""
        self._formulas, shape = Formulas(problem), problem.quantities.shape
        given = [f for f in figures if " after " not in f.quantity or f.quantity == AFTER_A_STEP]
        tensors = ((f, self._formulas.of(f.quantity, shape(f.quantity))) for f in given)
        pairs = ((tensor.symbol(f.position), f.answer) for f, tensor in tensors)
        self._written = {s: a for s, a in pairs if a and self._formulas.formula(s) is not None}
        self._known: dict[Symbol, Interval] = {}

    def written(self, symbol: Symbol) -> Written | None:
        """Return the figure of an entry, if one was written."""
        return self._written.get(symbol)

    def after(self, formula: Expr) -> Expr:
        """Return what a formula gives: 0 or a short decimal where it may be exact, else 30 digits.

        What cancels leaves an interval around 0 that is as narrow as its ends are rounded.

        Raises:
            SymcnnError: If it has no value there, such as the logarithm of a negative number.
        """
        found = self._evaluated(formula)
        digits = middle(found)
        short = Context(prec=limits.EXACT_DIGITS, rounding=ROUND_HALF_EVEN).plus(digits)
        exact = next((n for n in (S.Zero, Rational(str(short))) if meets(number(n), found)), None)
        return Float(digits, _DIGITS) if exact is None else exact

    def _evaluated(self, formula: Expr) -> Interval:
        parts = {symbol: self._entry(symbol) for symbol in formula.free_symbols}
        try:
            return values(formula, parts)
        except (ArithmeticError, ValueError):
            raise SymcnnError("the formula has no value at these figures") from None

    def _entry(self, symbol: Symbol) -> Interval:
        if symbol not in self._known:
            self._known[symbol] = self._found(symbol)
        return self._known[symbol]

    def _found(self, symbol: Symbol) -> Interval:
        written, formula = self.written(symbol), self._formulas.formula(symbol)
        if written is not None:
            return between(written.value, written.value)
        if formula is None:
            return number(self._formulas.value(symbol))
        return self._evaluated(formula)
