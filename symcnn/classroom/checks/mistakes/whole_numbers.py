"""Mistakes with whole numbers: a quotient is rounded down, as by // in Python, or by / in C."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Expr, Integer, Rational, S, floor

from symcnn.classroom.marking.mistakes.mistake import Mistake, Work, each
from symcnn.equations import Equation, Mean, Sum


@dataclass(frozen=True)
class _Whole(Sum):
    """A sum that is divided by a whole number and rounded down."""

    divisor: int = 1

    @property
    def word(self) -> str:
        """What it is called."""
        return f"1/{self.divisor}, rounded down, of the sum"

    def combine(self, terms: Sequence[Expr]) -> Expr:
        """Return the quotient."""
        return floor(Add(*terms) / self.divisor)


def _divisor(value: Expr) -> tuple[Rational, Expr]:
    """Return the number that a value is multiplied by, and the rest."""
    number, rest = value.as_coeff_Mul()
    return (number, rest) if number.is_Rational else (S.One, value)


def _quotient(_: Work, equation: Equation, __: Equation) -> Iterable[Equation]:
    """Round each term down, or the whole sum."""
    if isinstance(equation.reduction, Mean):
        whole = _Whole(divisor=int(equation.terms_of_entry))
        yield replace(equation, reduction=whole)
    number, rest = _divisor(equation.value)
    if number.is_Integer or rest == 1:
        return
    yield replace(equation, value=floor(equation.value))
    if type(equation.reduction) is Sum:
        whole = _Whole(divisor=int(number.q))
        yield replace(equation, value=rest * number.p, reduction=whole)


def _number(_: Work, equation: Equation, __: Equation) -> Iterable[Equation]:
    """Round the number down that everything is multiplied by."""
    number, rest = _divisor(equation.value)
    whole = Integer(floor(abs(number)))
    if not number.is_Integer and whole:
        yield replace(equation, value=rest * (whole if number > 0 else -whole))


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "quotient rounded down",
        "What is divided by a number was rounded down to a whole number, as by total // count.",
        each(_quotient),
    )
    yield Mistake(
        "factor rounded down",
        "A factor was rounded down to a whole number, as by n // m.",
        each(_number),
    )
