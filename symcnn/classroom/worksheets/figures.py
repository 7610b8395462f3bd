"""The figures of a key: as they are written, and what a box accepts in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from sympy import Expr, Symbol

from symcnn.classroom.marking import mark
from symcnn.classroom.marking.follow import AsWritten, given_numbers
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.intervals.interval import Interval, hull, middle
from symcnn.classroom.marking.intervals.written import Written, figure
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.worksheets.accepted import Accepted, accepted
from symcnn.errors import UnverifiedError
from symcnn.problems import Problem
from symcnn.reference.enclosures import to_decimal


def carried(key: Marking, formulas: Formulas, digits: int) -> dict[str, list[str]]:
    """Return a sheet that is worked with rounded figures, from the marking of a key.

    At three digits 0.2446 is 0.245, and its double is 0.490, where the key has 0.489. Both are
    right.
    """
    known, sheet = dict[Symbol, Written](), dict[str, list[str]]()
    numbers = AsWritten(formulas, known)
    for one in key.figures:
        text = _text(numbers.due(one.formula), digits)
        found = figure(text, one.quantity) or one.answer
        tensor = formulas.of(one.quantity, key.problem.quantities.shape(one.quantity))
        if found is not None:
            known[tensor.symbol(one.position)] = found
        sheet.setdefault(one.quantity, []).append("?" if found is None else found.text)
    return sheet


def widened(figures: Sequence[Figure], others: Sequence[Figure]) -> list[Interval | None]:
    """Return what is due for figures of a key, and for those of another sheet that are right."""
    return [
        one.due if other.verdict != "right" or other.due is None else _around(one.due, other.due)
        for one, other in zip(figures, others, strict=True)
    ]


def _around(one: Interval | None, other: Interval) -> Interval:
    return other if one is None else hull(one, other)


def _text(due: Interval | None, digits: int) -> str:
    """Return what is due, rounded; a question mark where there is none."""
    if due is None or not due.is_bounded:
        return "?"
    number = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(middle(due))
    if not number:
        return "0"
    return f"{number:.{max(digits - 1 - number.adjusted(), 0)}f}"  # with the zeros at its end


_PLACES = 8
"""A decimal with more places is rounded."""


@dataclass(frozen=True)
class KeyFigure:
    """One figure of a key.

    Attributes:
        quantity: The quantity.
        position: The entry, counted from 0.
        text: The figure: exact where it is a short decimal, else rounded.
        accepted: What a box accepts that sees this figure alone.
        points: The points that it earns.
    """

    quantity: str
    position: tuple[int, ...]
    text: str
    accepted: tuple[Accepted, ...]
    points: float = 1.0


def key_figures(problem: Problem, quantities: Sequence[str], digits: int) -> list[KeyFigure]:
    """Return the figures of some quantities.

    Raises:
        UnverifiedError: If figures that were rounded to so many digits are not marked right.
    """
    sheet = {name: [rounded(v, digits) for v in problem.quantity(name)] for name in quantities}
    marking = mark(problem, sheet, quantities=quantities)
    for one in marking.figures:
        if one.verdict != "right":
            raise UnverifiedError(f"{one.quantity}{list(one.position)} of the key is wrong")
    formulas = Formulas(problem)
    others = mark(problem, carried(marking, formulas, digits), quantities=quantities).figures
    return [
        _key_figure(marking, replace(one, due=due), formulas, digits)
        for one, due in zip(marking.figures, widened(marking.figures, others), strict=True)
    ]


def _key_figure(marking: Marking, figure: Figure, formulas: Formulas, digits: int) -> KeyFigure:
    text = written(figure.expected, digits)
    given = {number for _, number in given_numbers(formulas, figure.formula)}
    found = accepted(figure, text, marking.scheme.precision, given)
    points = marking.possible([figure])
    return KeyFigure(figure.quantity, figure.position, text, found, points)


def written(value: Expr, digits: int) -> str:
    """Return a number as a short decimal, if it is one, or rounded."""
    if value.is_Rational:
        number = Fraction(int(value.p), int(value.q))
        if (number * 10**_PLACES).denominator == 1:
            return _plain(Decimal(int(number * 10**_PLACES)).scaleb(-_PLACES))
    return rounded(value, digits)


def rounded(value: Expr, digits: int) -> str:
    """Return a number rounded to some significant digits."""
    number = to_decimal(value)
    return _plain(Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number), digits)


def _plain(number: Decimal, digits: int = 0) -> str:
    """Write a number without exponent; a rounded one keeps the zeros at its end."""
    if not number:
        return "0"
    places = max(digits - 1 - number.adjusted(), 0) if digits else _PLACES
    text = f"{number:.{places}f}"
    return text if digits or "." not in text else text.rstrip("0").rstrip(".")
