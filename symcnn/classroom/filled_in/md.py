"""Answers in Markdown: the student's version of a derivation, filled in.

The lines of "Your answers" at its end are read, and what was written in the place of boxes above.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Expr

from symcnn.classroom.filled_in import answers, displays
from symcnn.classroom.filled_in.hand_in import HandIn, one_of
from symcnn.classroom.filled_in.names import CODE, Names, by_quantity, nameable
from symcnn.classroom.marking.asked import expression_of
from symcnn.classroom.marking.intervals.written import Unread
from symcnn.document.pages.writers.md import BOX
from symcnn.errors import SymcnnError
from symcnn.limits.files import text_of
from symcnn.problems import Problem


def fields(path: Path) -> Mapping[str, str]:
    """Return what stands in the fields of a sheet: "student", "variant", and figures by name.

    Raises:
        SymcnnError: If the file cannot be read.
    """
    return HandIn.of(answers.found_in(text_of(path))).fields


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the figures that stand in the fields or the boxes of a student's version.

    Raises:
        SymcnnError: If the file has none of those of this problem, or those of a variant with
            other numbers.
    """
    text = text_of(path)
    found = answers.found_in(text)
    if found:
        return _with_displays(text, HandIn.of(found), problem, found).table(problem)
    boxes = displays.found_in(text, problem)
    if not boxes:
        raise SymcnnError(
            "this has none of the boxes of the problem: fill in what symcnn derive --blanks "
            "--format md writes for it"
        )
    return _by_quantity(problem, boxes)


def stated(code: str, text: str) -> str:
    """Return what a sheet says of itself: its code, and how many boxes its text has."""
    return f"{code}-{text.count(BOX)}"


def _with_displays(text: str, sheet: HandIn, problem: Problem, found: Mapping[str, Any]) -> HandIn:
    """Add what stands in the place of boxes, if any of them is gone."""
    boxes = next(iter(found.get(CODE, ())), "").partition("-")[2]
    if text.count(BOX) == (int(boxes) if boxes.isdecimal() and len(boxes) < 9 else -1):
        return sheet
    written = {e: a for e, a in displays.found_in(text, problem).items() if {*a} - {"?"}}
    names = Names(problem, tuple(nameable(problem)))
    given = {name: [*texts] for name, texts in sheet.answers.items()}
    by_entry = names.by_entry(written)
    for entry, more in written.items():
        if entry in by_entry:
            given.setdefault(names.all[by_entry[entry]].name, []).extend(more)
    return replace(sheet, answers=given)


def _by_quantity(
    problem: Problem, found: Mapping[Expr, list[str]]
) -> Mapping[str, list[str | Unread]]:
    """Return figures in the order of their quantities; what has no box is left out."""
    quantities, given = nameable(problem), dict[str, str | Unread]()
    for figure in Names(problem, tuple(quantities)).all:
        entry = expression_of(problem, figure.quantity, figure.position)
        if entry in found:
            given[figure.name] = one_of(found[entry], figure.label)
    return by_quantity(problem, given, quantities)
