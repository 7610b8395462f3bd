r"""Answers in the displays of a sheet in Markdown.

    a &= \sigma\left(z^{(2)}\right) = 0.5533

A figure stands in a box or in its place. What else was written is not read, nor are formulas: only
what stands where the sheet has the box of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr

from symcnn.classroom.explain import explain
from symcnn.classroom.filled_in.given import check_given, squeezed
from symcnn.document.blocks import Matrices, Matrix, Row, Rows
from symcnn.document.document import Document
from symcnn.document.outline import DETAILS
from symcnn.document.pages.latex_matrices import latex_matrix, spaces
from symcnn.document.pages.writers.md import BOX, plain, row_lines
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.traversal import flat
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
    for sheet in _sheets(problem):
        found = _filled(squeezed_text, sheet)
        if found:
            check_given(squeezed_text, sheet)
        best = max(best, found, key=len)
        if not _is_other(squeezed_text, sheet):
            break
    return best


def _sheets(problem: Problem) -> Iterator[Document]:
    """Run over the student's versions that a problem has, the usual one first."""
    for base in (1, 0):
        for detail in sorted(DETAILS, key="standard".__ne__):
            yield explain(problem, detail=detail, index_base=base).with_blanks()


def _is_other(text: str, sheet: Document) -> bool:
    """Tell whether some of a sheet's rows are not in a text, so that it may be of another sheet."""
    return any(not _places(text, display) for display in displays(sheet))


def _filled(text: str, sheet: Document) -> _Found:
    """Return what stands in the boxes of a sheet; those that are left empty are answers too."""
    found = _Found()
    for display in displays(sheet):
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


@dataclass(frozen=True)
class Display:
    """A row or a matrix with boxes.

    Attributes:
        around: The text before the first box, between each two, and behind the last.
        asked: For each box the entry that is asked for; None if it is for a formula.
    """

    around: tuple[str, ...]
    asked: tuple[Expr | None, ...]


def displays(student: Document) -> Iterator[Display]:
    """Run over what a student's version has boxes in, but for tables and sentences."""
    for block in flat(student.blocks):
        if isinstance(block, Rows):
            for row, lines in zip(block.rows, row_lines(block), strict=True):
                yield from _display(r" \\ ".join(lines), _asked(row))
        elif isinstance(block, Matrices):
            for matrix in block.matrices:
                yield from _display(latex_matrix(matrix, spaces), _entries(matrix))


def _display(text: str, asked: tuple[Expr | None, ...]) -> Iterator[Display]:
    around = tuple(part.strip() for part in squeezed(plain(text)).split(BOX))
    if asked and len(around) == len(asked) + 1:
        yield Display(around, asked)


def _asked(row: Row) -> tuple[Expr | None, ...]:
    """Return what the boxes of a row are for: the last one is for its value, if it has one."""
    boxes = gaps_of(row)
    if not boxes or len(row.claim.left) != 1:
        return ()
    value = row.claim.left[0] if row.claim.value is not None else None
    return (*((None,) * (boxes - 1)), value)


def _entries(matrix: Matrix) -> tuple[Expr | None, ...]:
    figures = (figure for line in matrix.figures for figure in line)
    return tuple(figure.claim.left[0] for figure in figures if gaps_of(figure))
