"""The figures of whoever goes on with what he has written: each is computed from rounded ones.

At three digits 0.2446 is 0.245, and its double is 0.490, where the key has 0.489. Both are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context

from sympy import Symbol

from symcnn.classroom.marking.follow import AsWritten
from symcnn.classroom.marking.formulas import Formulas
from symcnn.classroom.marking.intervals.interval import Interval, hull, middle
from symcnn.classroom.marking.intervals.written import Written, figure
from symcnn.classroom.marking.marking import Figure, Marking


def carried(key: Marking, formulas: Formulas, digits: int) -> dict[str, list[str]]:
    """Return a sheet that is worked with rounded figures, from the marking of a key."""
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
