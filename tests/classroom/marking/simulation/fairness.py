"""Whether sheets are marked fairly.

Where a mistake was made, and nowhere else, figures are wrong; where it moves figures by more than
rounding can, it is found and named, beside no other mistakes than those that yield these figures.
"""

from __future__ import annotations

from collections.abc import Iterator

import symcnn as sc
from symcnn.classroom.marking.mark import mark_printed
from tests.classroom.marking.simulation.networks import drawn
from tests.classroom.marking.simulation.sheets import Sheet, kind, sheets

OPTIMIZERS = {"plain gradient step", "bias correction forgotten", "weight decay forgotten"}
"""Made in ``tests/document/test_optimizer_steps.py``: students take plain gradient descent."""


def marked(seed: int) -> Iterator[tuple[Sheet, list[str]]]:
    """Mark the sheets of a class, and run over them with what is unfair."""
    problem = drawn(seed).problem
    for name, one in sheets(seed).items():
        said = (f"{name}: {complaint}" for complaint in complaints(one, _marking(problem, one)))
        yield one, list(said)


def _marking(problem: sc.Problem, one: Sheet) -> sc.Marking:
    """Mark a sheet by as many digits as the student writes; decimal places count as written."""
    pen = one.student.pen
    if pen.fixed:
        return mark_printed(problem, one.answers)
    return sc.mark(problem, one.answers, digits=pen.digits)


def complaints(sheet: Sheet, marking: sc.Marking) -> Iterator[str]:
    """Run over what is unfair in a marking, with what the student did."""
    wrong = {figure.quantity for figure in marking.figures if figure.verdict == "wrong"}
    clear = [place for place in sheet.mistakes if sheet.is_clear(place)]
    yield from (f"{place} is right, and marked wrong" for place in wrong - {*sheet.mistakes})
    first = next((q for q in sheet.student.asked if q in wrong), None)
    if first is not None and marking.first_wrong.quantity != first:
        yield f"{first} is the first wrong quantity, not {marking.first_wrong.quantity}"
    for place in clear:
        if place not in wrong:
            yield f"{sheet.mistakes[place]} is not found"
        else:
            yield from _misnamed(sheet, place, marking)


def _misnamed(sheet: Sheet, place: str, marking: sc.Marking) -> Iterator[str]:
    figures = [f for f in marking.figures if f.quantity == place and f.verdict == "wrong"]
    named = set.intersection(*({m.name for m in f.mistakes} for f in figures))
    same = sheet.same(place)
    exact = sheet.student.exact(place)
    if all(
        abs(number) <= slack
        for number, slack in zip(exact.values(), sheet.slack(place, exact).values(), strict=True)
    ):
        return  # figures that are rounding errors tell nothing
    if not (same - {"another quantity"} or same) <= named and not _is_elsewhere(sheet, named):
        yield f"{sheet.mistakes[place]} is named {named}"
    others = set() if sheet.student.left_out else _others(sheet, place, named)
    if others:
        yield f"{sheet.mistakes[place]} is also named {others}"


def _is_elsewhere(sheet: Sheet, named: set[str]) -> bool:
    """Tell whether a mistake in something that was left out yields the figures as well."""
    return bool(sheet.student.left_out and named)


def _others(sheet: Sheet, place: str, named: set[str]) -> set[str]:
    """Return the mistakes that are named, and do not yield figures near to those written.

    The student knows each mistake in one form, and only in the quantities where it is common. With
    few digits, others can yield the same figure; with what was left out, mistakes in that too.
    """
    pen, near = sheet.student.pen, sheet.near(place)
    known = {kind(name) for name, _ in sheet.others(place)}
    return named - near if pen.digits >= 6 and not pen.fixed else named & known - near
