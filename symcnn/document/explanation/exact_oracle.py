"""An oracle in exact numbers, for small networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from sympy import Expr, Float, Symbol

from symcnn.derivation import Derivation
from symcnn.document.explanation.numbers import Locate, Measured
from symcnn.reference import Dual, ExactForward, evaluate, exact_numbers
from symcnn.reference.enclosures import (
    TRY_AGAIN,
    ZERO,
    Number,
    Precision,
    attempts,
    ends,
    from_sympy,
    is_zero,
    shortened,
    sign,
    size,
)

_EQUAL = Fraction(1, 10**40)
"""Enclosures that overlap are of equal numbers if they are narrower, relative to their size."""

_NOTHING = Fraction(1, 10**100)
"""Two sides that are no further apart are equal: a row is an identity, which is tried at other
numbers too, so nothing is gained by thousands of digits where both sides are almost 0. So is
what thousands of digits do not tell from 0."""

_ROUNDING = Fraction(1, 10**49)
"""How far a figure of 50 digits may be from its value, relative to its size."""

T = TypeVar("T")


class ExactOracle:
    """The values of all entries: fractions, or enclosures of what is not rational.

    Two fractions are equal or not, and enclosures that lie apart are of unequal numbers. As
    long as they overlap and are not narrow, everything is computed with more digits.
    """

    def __init__(
        self,
        derivation: Derivation,
        values: Mapping[str, Sequence[Expr]],
        locate: Locate | None = None,
    ) -> None:
        """Take exact numbers, flat, by tensor name, and what finds entries.

        Raises:
            ArithmeticError: If some entry has no real value.
        """
        self._derivation, self._values, self._locate = derivation, values, locate
        self._made: list[_Known] = []
        self._further = attempts()
        next(self._all())

    def holds(self, symbol: Symbol, right: Expr) -> bool:
        """Tell whether an entry equals an expression of entries."""

        def answer(known: _Known) -> bool:
            value, found = known(symbol), known(right)
            return _is_nothing(value - found, beside=value)

        return self._first(answer)

    def shows(self, entry: Expr, figure: Expr | Fraction, margin: Fraction) -> bool:
        """Tell whether the value of an expression is at most ``margin`` away from a figure.

        The figure 0 of a value that is not rational says that it is too near to 0 to be told
        from it.
        """

        def answer(known: _Known) -> bool:
            if isinstance(figure, Float) and not figure:
                return _is_nothing(known(entry), beside=ZERO)
            number, rounding = known.figure(figure)
            allowed = rounding + shortened(margin, known.precision)
            return sign(size(known(entry) - number), allowed) <= 0

        return self._first(answer)

    def number(self, expression: Expr) -> float:
        """Return the nearest float to the value of an expression."""
        return self._first(lambda known: float(ends(known(expression), known.precision)[0]))

    def _first(self, answer: Callable[[_Known], T]) -> T:
        """Return the first answer that does not need more digits."""
        for known in self._all():
            try:
                return answer(known)
            except TRY_AGAIN:
                continue
        raise AssertionError("the last attempt answers")

    def _all(self) -> Iterator[_Known]:
        """Return all values with one precision after the other, those first that are there."""
        yield from self._made
        for precision in self._further:
            try:
                self._made.append(_Known(self._derivation, self._values, precision, self._locate))
            except TRY_AGAIN:
                if precision.last:
                    raise
                continue
            yield self._made[-1]


class _Known:
    """The values of all expressions of entries, to some precision."""

    def __init__(
        self,
        derivation: Derivation,
        values: Mapping[str, Sequence[Expr]],
        precision: Precision,
        locate: Locate | None,
    ) -> None:
        """Compute the forward pass."""
        passed = ExactForward(derivation.network, values, precision)
        self.precision, self._kind = precision, exact_numbers(precision)
        self._entries = Measured(derivation, passed, Dual, locate)

    def __call__(self, expression: Expr) -> Number:
        """Return the value of an expression."""
        return evaluate(expression, self._entries, self._kind).value  # type: ignore[no-any-return]

    def figure(self, figure: Expr | Fraction) -> tuple[Number, Number]:
        """Return a figure, and how far it may be from its value because it was rounded."""
        if isinstance(figure, Fraction):
            return shortened(figure, self.precision), ZERO
        number = from_sympy(figure, self.precision)
        return number, ZERO if figure.is_Rational else size(number) * _ROUNDING


def _is_nothing(difference: Number, beside: Number) -> bool:
    """Tell whether a difference is 0, or as good as that beside one of the numbers."""
    if isinstance(difference, Fraction) or not difference.has_zero:
        return not difference
    precision = difference.precision
    largest, allowed = (
        ends(size(difference), precision)[1],
        max(ends(size(beside) * _EQUAL, precision)[0], ends(_NOTHING, precision)[0]),
    )
    if largest > allowed and not is_zero(difference):
        precision.undecided()
    return True
