"""The student's versions that a problem has, as what a sheet in Markdown is compared with.

To explain a problem takes a second, and a class has many sheets of one problem: its versions are
kept, as far as they are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr

from symcnn.classroom.explain import explain
from symcnn.classroom.filled_in.given import Given, given_in, squeezed
from symcnn.document.blocks import Heading, Matrices, Matrix, Row, Rows
from symcnn.document.document import Document
from symcnn.document.outline import DETAILS, Detail
from symcnn.document.pages.latex_matrices import latex_matrix, spaces
from symcnn.document.pages.writers.md import BOX, plain, row_lines, without_number
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.traversal import flat
from symcnn.problems import Problem

_KEPT = 64
"""The problems whose versions are kept, some hundred kilobytes each."""


@dataclass(frozen=True)
class Version:
    """A student's version."""

    displays: tuple[Display, ...]
    given: tuple[Given, ...]


def versions(problem: Problem, first: Detail = "standard") -> Iterator[Version]:
    """Run over the versions of a problem, the likeliest one first; each is made when needed."""
    known = _known(problem)
    for base in (1, 0):
        for detail in sorted(DETAILS, key=first.__ne__):
            if (detail, base) not in known:
                sheet = explain(problem, detail=detail, index_base=base).with_blanks()
                known[detail, base] = Version(tuple(displays(sheet)), tuple(given_in(sheet)))
            yield known[detail, base]


_Versions = dict[tuple[Detail, int], Version]

_OF_PROBLEMS: dict[int, tuple[Problem, _Versions]] = {}
"""What is kept, by the identities of the problems, which cannot be keys themselves."""


def _known(problem: Problem) -> _Versions:
    if id(problem) not in _OF_PROBLEMS:
        for oldest in [*_OF_PROBLEMS][: len(_OF_PROBLEMS) + 1 - _KEPT]:
            _OF_PROBLEMS.pop(oldest, None)
        _OF_PROBLEMS[id(problem)] = problem, {}
    return _OF_PROBLEMS[id(problem)][1]


@dataclass(frozen=True)
class Display:
    """A row or a matrix with boxes.

    Attributes:
        around: The text before the first box, between each two, and behind the last.
        asked: For each box the entry that is asked for; None if it is for a formula.
        section: The heading above it.
    """

    around: tuple[str, ...]
    asked: tuple[Expr | None, ...]
    section: str


def displays(student: Document) -> Iterator[Display]:
    """Run over what a student's version has boxes in, but for tables and sentences."""
    section = ""
    for block in flat(student.blocks):
        if isinstance(block, Heading):
            section = "".join(part for part in block.title if isinstance(part, str))
        elif isinstance(block, Rows):
            for row, lines in zip(block.rows, row_lines(block), strict=True):
                text = without_number(r" \\ ".join(lines))
                yield from _display(text, _asked(row), section)
        elif isinstance(block, Matrices):
            for matrix in block.matrices:
                yield from _display(latex_matrix(matrix, spaces), _entries(matrix), section)


def _display(text: str, asked: tuple[Expr | None, ...], section: str) -> Iterator[Display]:
    around = tuple(part.strip() for part in squeezed(plain(text)).split(BOX))
    if asked and len(around) == len(asked) + 1:
        yield Display(around, asked, section)


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
