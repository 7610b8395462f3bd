"""The figures of a key: as they are written, and what a box accepts in their place.

A box sees one number alone: neither the figures before it nor its digits.

With the true value t, the numbers I that follow from figures before it as they are rounded, once
or on the way, and what rounding lets a figure be away from a number, r, these numbers are right:

    from  min(t, I) - r  to  max(t, I) + r

and these are imprecise: t, or a number of I, rounded to fewer digits than are asked for, or with
the digits behind those cut off, which is right where that is accepted; 0 with as many places as
digits are asked for is rounded too. ``symcnn mark`` says the same where all figures before are
right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import ceil, floor

from sympy import Expr, Symbol

from symcnn.classroom.marking import mark
from symcnn.classroom.marking.follow import AsWritten, given_numbers
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.intervals.interval import Interval, hull, middle, number
from symcnn.classroom.marking.intervals.written import Written, exponent, figure
from symcnn.classroom.marking.marking import Figure, Marking
from symcnn.classroom.marking.precision import Precision
from symcnn.errors import UnverifiedError
from symcnn.problems import Problem
from symcnn.reference.enclosures import to_decimal

_SHORT = 8
"""A given number with more places is handed in by nobody."""

_TINY = Decimal("1E-40")
"""An end of an interval that is nearer to 0 is one that rounding outwards moved away from it."""

_FINER = 4
"""Ends of intervals are written to so many digits more than a tolerance has."""


@dataclass(frozen=True)
class Accepted:
    """The numbers from one to another, and what they earn.

    Attributes:
        share: The share of the points, in percent.
        middle: The number in the middle.
        tolerance: How far others may be from it.
    """

    share: int
    middle: str
    tolerance: str


def accepted(
    figure: Figure, text: str, precision: Precision, given: Collection[Fraction] = ()
) -> tuple[Accepted, ...]:
    """Return what a box accepts, the first that fits counts; its key is the first that is right.

    Args:
        figure: The figure, marked on a sheet whose figures are all right.
        text: How the key writes it.
        precision: How near figures have to be.
        given: The given numbers that its formula reads, which are no answers unless they are right.
    """
    true = number(figure.expected)
    numbers = _hull(true, figure.due)
    if numbers.a == numbers.b == 0:
        return (Accepted(100, text, "0"),)
    value = (Fraction(true.a) + Fraction(true.b)) / 2
    reach = precision.reach(value)
    least, greatest = Fraction(numbers.a) - reach, Fraction(numbers.b) + reach
    copied = {n for n in given if abs(n - value) > reach and _is_short(n)}
    found = [Accepted(0, _in_places(n), "0") for n in sorted(copied) if least <= n <= greatest]
    found += _right(Fraction(text), text, least, greatest, reach)
    for text, share in dict(_others(numbers, reach, precision)).items():
        is_outside = not least <= Fraction(text) <= greatest and Fraction(text) not in given
        found += [Accepted(share, text, "0")] if share and is_outside else []
    return tuple(found)


def _is_short(number: Fraction) -> bool:
    """Tell whether a number is a decimal with few places."""
    return bool((number * 10**_SHORT).denominator == 1)


def _hull(true: Interval, due: Interval | None) -> Interval:
    found = true if due is None or not due.is_bounded else hull(true, due)
    return Interval(*(end if abs(end) >= _TINY else Decimal(0) for end in (found.a, found.b)))


def _right(
    key: Fraction, text: str, least: Fraction, greatest: Fraction, reach: Fraction
) -> Iterator[Accepted]:
    """Run over intervals that make up the right one; the first has the key in its middle."""
    fine = Fraction(10) ** (exponent(reach) - _FINER)
    least, greatest = floor(least / fine) * fine, ceil(greatest / fine) * fine
    around = min(key - least, greatest - key)
    yield Accepted(100, text, _in_places(floor(around / fine) * fine))
    if around < max(key - least, greatest - key):
        yield Accepted(100, _in_places((least + greatest) / 2), _in_places((greatest - least) / 2))


def _others(numbers: Interval, reach: Fraction, precision: Precision) -> Iterator[tuple[str, int]]:
    """Run over what such numbers are with fewer digits, or cut off, and what that earns.

    Around an end that is much less than the reach everything is right, at however many places.
    """
    assert precision.digits is not None, "a sheet asks for digits"
    ends = Fraction(numbers.a), Fraction(numbers.b)
    tops = {exponent(end) for end in ends if abs(end) * 100 > reach}
    for digits in range(precision.digits, -1, -1):  # 0.96 rounds to 1, which has no digit of it
        for unit in sorted({Fraction(10) ** (top - digits + 1) for top in tops}):
            if unit <= 1:
                near = sorted({floor(end / unit) + n for end in ends for n in (-1, 0, 1, 2)})
                texts = (_in_places(n * unit, unit) for n in near if n)
                yield from ((text, _share(text, numbers, precision)) for text in texts)
    zero = _in_places(Fraction(0), Fraction(10) ** -precision.digits)
    yield zero, _share(zero, numbers, precision)


def _share(text: str, numbers: Interval, precision: Precision) -> int:
    """Return the share of the points that a figure earns which is not near to such numbers."""
    written = figure(text, "a figure")
    assert written is not None, "it is a number"
    share = round(100 * precision.share)
    if precision.is_short(written):
        return share if precision.rounds_short(numbers, written) else 0
    if not precision.is_truncated(numbers, written):
        return 0
    return 100 if precision.accepts_truncation else share


def _in_places(value: Fraction, unit: Fraction | None = None) -> str:
    """Write a short decimal without exponent; of a multiple of a unit, up to its last digit."""
    places = 0
    while (value * 10**places).denominator > 1 or (unit is not None and unit * 10**places < 1):
        places += 1
    return f"{Decimal(int(value * 10**places)).scaleb(-places):.{places}f}"


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
