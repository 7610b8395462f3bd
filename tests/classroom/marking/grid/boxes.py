"""The third marking place: Moodle's boxes, read and marked by a program of its own.

A box sees one number: no figure before it, and not how many digits it has. So it has to agree with
``mark`` where all figures before are right:

    right       all points
    imprecise   half of them
    wrong       none, unless it is near to what follows from figures that others have rounded, or
                repeats a given number, which a box cannot know
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from symcnn.classroom.marking.asked import asked
from symcnn.classroom.worksheets.figures import key_figures
from symcnn.classroom.worksheets.page import box
from tests.classroom.marking.grid.drawing import posed
from tests.classroom.marking.grid.dues import Dues, Entry
from tests.classroom.marking.grid.hand import AS_WRITTEN, EVERYTHING, Hand
from tests.classroom.marking.grid.handin import worked
from tests.classroom.marking.grid.numbers import exactly
from tests.classroom.marking.grid.oracle import Expected
from tests.classroom.marking.grid.places import Mark, entry, problem
from tests.classroom.marking.grid.ranges import Range, hull
from tests.classroom.marking.grid.ranges import of as range_of
from tests.classroom.marking.grid.rule import Case
from tests.classroom.worksheets.cloze import Box, Question

_NUMBER = re.compile(r"-?\d+([.]\d+)?(E-?\d+)?")
HALF, ALL, NONE = Decimal("0.5"), Decimal(1), Decimal(0)


@lru_cache(maxsize=4)
def boxes(number: int) -> dict[Entry, Box]:
    """Return the boxes of the figures of a class."""
    (net, settings), given = posed(number), problem(number)
    figures = key_figures(given, asked(given), settings.digits)
    return {
        entry(net, figure.quantity, figure.position): Question(box(figure)).boxes[0]
        for figure in figures
    }


@lru_cache(maxsize=4)
def _of_others(number: int) -> dict[Entry, Range]:
    """Return what can follow from figures with the digits that are asked for."""
    (net, settings), found = posed(number), {}
    with exactly():
        for inside in (AS_WRITTEN, EVERYTHING):
            dues = Dues(net, worked(net, Hand(settings.digits, inside=inside)))
            for quantity, at in dues.figures:
                ranges = [dues.of((quantity, at)).range, range_of(net.true[quantity][at])]
                ranges += [found[quantity, at]] if (quantity, at) in found else []
                found[quantity, at] = hull(ranges)
    return found


def disagreement(number: int, at: Entry, one: Expected, mark: Mark) -> Iterator[str]:
    """Say where a box and ``mark`` disagree that have to agree."""
    case = one.case
    if case is None or not _NUMBER.fullmatch(one.text) or not case.is_carried_from_right:
        return
    found = boxes(number)[at].share(one.text)
    with exactly():
        fair = _fair(number, at, case, mark.verdict)
    if fair and found not in fair:
        answers = [(str(answer.share), answer.text) for answer in boxes(number)[at].answers]
        yield f"{one.text!r} is {mark.verdict}, and earns {found} in the box {answers}"


def _fair(number: int, at: Entry, case: Case, verdict: str) -> set[Decimal]:
    """Return the shares of the points that a box may give; empty where it cannot know."""
    if verdict == "right":
        cut = case.settings.truncation and case.is_cut_off
        is_known = case.is_near_the_truth or (cut and not case.repeats)
        return {ALL} if is_known else set()
    due, value = _of_others(number)[at], case.figure.value
    reach = max(case.settings.reach(value), case.settings.reach(case.true))
    if verdict == "imprecise":
        nothing = {NONE} if case.only_due else set()
        may_be_all = case.settings.truncation or due.is_near(value, reach)
        return {HALF, *nothing, *({ALL} if may_be_all else ())}
    if case.repeats or due.is_near(value, reach):
        return set()
    short = value.normalize()
    unit = Decimal(1).scaleb(max(int(short.as_tuple().exponent), int(short.adjusted()) - 20))
    seen = {HALF, *({ALL} if case.settings.truncation else ())}
    return {NONE, *(seen if due.is_near(value, max(unit, case.figure.unit)) else ())}
