r"""Answers in the displays of a sheet in Markdown.

    a &= \sigma\left(z^{(2)}\right) = 0.5533

A figure stands in a box or in its place. What else was written is not read, nor are formulas: only
what stands where the sheet has the box of a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sympy import Expr

from symcnn.classroom.filled_in.versions import Display, Version, check_given, squeezed, versions
from symcnn.document.outline import Detail
from symcnn.document.pages.writers.md import BOX
from symcnn.problems import Problem

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


def found_in(text: str, problem: Problem) -> _Found:
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
