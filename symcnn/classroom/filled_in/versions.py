"""The student's versions that a problem has, as what a sheet in Markdown is compared with.

To explain a problem takes a second, and a class has many sheets of one problem: its versions are
kept, as far as they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sympy import Expr, Rational

from symcnn.classroom.explain import explain
from symcnn.classroom.marking.intervals.written import figure
from symcnn.document.blocks import Heading, Matrices, Matrix, Row, Rows
from symcnn.document.document import Document
from symcnn.document.outline import DETAILS, Detail
from symcnn.document.pages.latex_matrices import latex_matrix, spaces
from symcnn.document.pages.writers.md import BOX, plain, row_lines, without_number
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.traversal import flat
from symcnn.errors import SymcnnError
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


_BEGIN, _END = "\\begin{array}{", "\\end{array}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CELLS = re.compile(r"&|\\\\")


class Given(NamedTuple):
    """A given matrix.

    Attributes:
        whole: How it is printed.
        left: Its left side.
        values: Its numbers, row by row.
    """

    whole: str
    left: str
    values: Sequence[Expr | None]


def given_in(sheet: Document) -> Iterator[Given]:
    """Run over the matrices of a sheet that are given."""
    for block in flat(sheet.blocks):
        if isinstance(block, Matrices):
            for matrix in block.matrices:
                whole = squeezed(latex_matrix(matrix, spaces))
                left, begin, _ = whole.partition(_BEGIN)
                if begin and not has_boxes(matrix):
                    values = [entry.claim.value for line in matrix.figures for entry in line]
                    yield Given(whole, left, values)


def check_given(text: str, given: Iterable[Given]) -> None:
    """Refuse a text in which a given matrix has other numbers than in the sheet of a problem.

    Matrices that the text does not have are passed over, as somebody may have left them out, and
    so are those with fractions or powers of ten.

    Raises:
        SymcnnError: If one has other numbers.
    """
    for matrix in given:
        if matrix.whole not in text:
            _check(text, matrix)


def _check(text: str, matrix: Given) -> None:
    for cells in _matrices(text, matrix.left):
        if all(map(_NUMBER.fullmatch, cells)) and not _stand_for(cells, matrix.values):
            name = matrix.left.partition(" =")[0]
            raise SymcnnError(
                f"this sheet has other numbers than the problem, {name} = ({', '.join(cells)}): "
                "name the problem file of its variant"
            )


def _matrices(text: str, left: str) -> Iterator[list[str]]:
    """Run over the cells of the matrices that stand behind a left side."""
    for part in text.split(f"{left}{_BEGIN}")[1:]:
        body = part.partition("}")[2].partition(_END)[0].replace("{,}", ".")
        yield [cell.strip() for cell in _CELLS.split(body)]


def _stand_for(cells: Sequence[str], values: Sequence[Expr | None]) -> bool:
    """Tell whether numbers, perhaps rounded, are those of a problem."""
    written = [figure(cell, "a given number") for cell in cells]
    return len(cells) == len(values) and all(
        w is not None and v is not None and Rational(w.least) <= v <= Rational(w.greatest)
        for w, v in zip(written, values, strict=True)
    )


def has_boxes(matrix: Matrix) -> bool:
    """Tell whether a matrix has figures to be filled in."""
    return any(gaps_of(figure) for line in matrix.figures for figure in line)


def squeezed(text: str) -> str:
    """Return text with single spaces, and without the marks of quotations."""
    return " ".join(re.sub(r"^[> ]+", "", text, flags=re.MULTILINE).split())
