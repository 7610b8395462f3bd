r"""Answers in Markdown: the student's version of a derivation, filled in.

The lines of "Your answers" at its end are read, one for every figure, which any editor fills in. A
figure stands between its brackets, or in their place:

    conv1[0,0,0]   z₁₁ = [                ]

What was written in the place of boxes above is read, too: a figure stands in a box or in its place.
What else was written is not read, nor are formulas: only what stands where the sheet has the box of
a number.

    a &= \sigma\left(z^{(2)}\right) = 0.5533
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sympy import Expr

from symcnn.classroom.filled_in.fields import (
    CODE,
    STUDENT,
    HandIn,
    Names,
    by_quantity,
    nameable,
    one_of,
)
from symcnn.classroom.filled_in.versions import Display, Version, check_given, squeezed, versions
from symcnn.classroom.marking.asked import expression_of
from symcnn.classroom.marking.intervals.written import Unread
from symcnn.document.outline import Detail
from symcnn.document.pages.writers.md import BOX
from symcnn.errors import SymcnnError
from symcnn.limits.files import text_of
from symcnn.problems import Problem

HEADING = "Your answers"
SAID = (
    "Write each figure between its brackets, and change nothing else here. A figure is written "
    "down once, even if it has several boxes above."
)
_ROOM = f"[{' ' * 16}]"

_NAMED = re.compile(r"(?P<figure>.*?\[[0-9]+(?:, ?[0-9]+)*\])(?:\s.*)?")
"""A figure's name, and behind it its letter."""

_EMPTY = re.compile(r"\[\s*\]")
_STUDENT = re.compile(r"^Name:(.*?)(?:\sDate:.*)?$", re.MULTILINE)
_BLANKS = " \t_`|\\"


Line = tuple[str, str, str]
"""A field: its name, the letter of its figure, and what it holds already."""


def section(groups: Iterable[Sequence[Line]]) -> str:
    """Return the section with fields in groups."""
    blocks = "\n\n".join("\n".join(_lines(group)) for group in groups if group)
    return f"## {HEADING}\n\n{SAID}\n\n```text\n{blocks}\n```\n"


def _lines(group: Sequence[Line]) -> Iterator[str]:
    wide, letters = (max(len(line[part]) for line in group) for part in (0, 1))
    for name, letter, held in group:
        shown = f"{letter:<{letters}} " if letters else ""
        yield f"{name:<{wide}}  {shown}= {f'[{held}]' if held else _ROOM}"


def found_in(text: str) -> Mapping[str, Sequence[str]]:
    """Return what stands in the fields of a sheet by their names; nothing where it has none."""
    _, heading, lines = text.rpartition(f"# {HEADING}")
    found = dict[str, list[str]]()
    for line in lines.splitlines() if heading else ():
        left, sign, right = line.lstrip("> ").partition("=")
        if sign and left.strip():
            found.setdefault(_name(left), []).append(_answer(right))
    if found and (student := _STUDENT.search(text)):
        found[STUDENT] = [student[1].strip(_BLANKS)]
    return found


def _name(left: str) -> str:
    """Return the name of a field, without the letter behind it."""
    named = _NAMED.fullmatch(left.strip())
    return named["figure"].replace(", ", ",") if named else left.strip().partition("  ")[0].strip()


def _answer(right: str) -> str:
    """Return what stands between brackets; or else in their place, or beside them."""
    text = _EMPTY.sub("", right).strip().removeprefix("[")
    if text.count("]") > text.count("["):
        text = text.rpartition("]")[0]
    return text.strip(_BLANKS)


def fields(path: Path) -> Mapping[str, str]:
    """Return what stands in the fields of a sheet: "student", "variant", and figures by name.

    Raises:
        SymcnnError: If the file cannot be read.
    """
    return HandIn.of(found_in(text_of(path))).fields


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the figures that stand in the fields or the boxes of a student's version.

    Raises:
        SymcnnError: If the file has none of those of this problem, or those of a variant with
            other numbers.
    """
    text = text_of(path)
    found = found_in(text)
    if found:
        return _with_displays(text, HandIn.of(found), problem, found).table(problem)
    boxes = _in_boxes(text, problem)
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
    written = {e: a for e, a in _in_boxes(text, problem).items() if {*a} - {"?"}}
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


_LONGEST = 400
"""The characters of an answer with what is left of its box."""

_BEGINS = ("\\\\", "}", "]", "```math", r"\quad", "$$")
"""What stands before a row or a matrix."""

_ENDS = re.compile(r"\\\\|\\end\{|&&|\\quad|```|\$\$|$")
"""What stands behind one."""

_LEFT = re.compile(
    rf"{re.escape(BOX)}|\\rule\[[^\]]*\]\{{[^}}]*\}}\{{[^}}]*\}}|\\hspace\{{[^}}]*\}}|\\boxed"
    r"|\\approx|\\[,;:! ]|[{}$=\u2248]"
)
"""What is left of a box; older sheets have boxes that are drawn."""

_FRACTION = re.compile(r"(-?)\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")

_Found = dict[Expr, list[str]]


def _in_boxes(text: str, problem: Problem) -> _Found:
    """Return what stands in the boxes of a student's version, by what they are for.

    Boxes that are left empty have "?".

    Raises:
        SymcnnError: If they are those of a variant with other numbers.
    """
    squeezed_text, best = squeezed(text), _Found()
    if not any(sign in text for sign in _OF_MATHEMATICS):
        return best
    headings = [line for line in text.splitlines() if line.lstrip("> ").startswith("#")]
    first: Detail = "brief" if _OF_WORKSHEET.search("".join(headings[:1])) else "standard"
    for version in versions(problem, first):
        found = _filled(squeezed_text, version)
        if found:
            check_given(squeezed_text, version.given)
        best = max(best, found, key=len)
        if not _is_other(squeezed_text, headings, version):
            break
    return best


_OF_MATHEMATICS = ("$$", "```math", "\\begin{")
"""What every sheet has, and a text that is none mostly has not."""

_OF_WORKSHEET = re.compile(r", variant \d+\b")
"""How the title of a worksheet ends, whose sheets are brief."""


def _is_other(text: str, headings: Sequence[str], version: Version) -> bool:
    """Tell whether some rows of a version are not in a text, though their section is.

    Then the text may be of another version. A worksheet need not have all sections.
    """
    sections = dict.fromkeys(display.section for display in version.displays)
    there = {s for s in sections if any(line.rstrip().endswith(s) for line in headings)}
    rows = [display for display in version.displays if display.section in there]
    return not rows or any(not _places(text, display) for display in rows)


def _filled(text: str, version: Version) -> _Found:
    """Return what stands in the boxes of a version; those that are left empty are answers too."""
    found = _Found()
    for display in version.displays:
        for place in _places(text, display)[:1]:
            for asked_for, answer in zip(display.asked, place, strict=True):
                if asked_for is not None:
                    found.setdefault(asked_for, []).append(answer)
    return found


def _places(text: str, display: Display) -> list[list[str]]:
    """Return the answers in a display, at each place where it stands in a text."""
    found, start = [], -1
    while (start := text.find(display.around[0], start + 1)) >= 0:
        if text[max(0, start - _LONGEST) : start].rstrip().endswith(_BEGINS):
            answers = _answers(text, start, display.around)
            if answers is not None:
                found.append(answers)
    return found


def _answers(text: str, start: int, around: tuple[str, ...]) -> list[str] | None:
    """Return what stands between the parts of a display from a place on, if they are there."""
    at, answers = start + len(around[0]), list[str]()
    for part in around[1:]:
        window = text[at : at + _LONGEST]
        end = window.find(part) if part else _end(window)
        if end < 0 or _ENDS.search(window[:end]).start() < end:  # type: ignore[union-attr]
            return None
        answers.append(_figure(window[:end]))
        at += end + len(part)
    return answers


def _end(window: str) -> int:
    found = _ENDS.search(window)
    return found.start() if found else len(window)


def _figure(written: str) -> str:
    r"""Return a figure: what stands in its box, with \frac{1}{3} as 1/3."""
    plain = _FRACTION.sub(r"\1\2/\3", written.replace("{,}", ","))
    return _LEFT.sub("", plain).strip() or "?"
