r"""Answers in Markdown: the student's version of a derivation, filled in.

    a &= \sigma\left(z^{(2)}\right) = 0.5533

A figure stands in a box or in its place. What else was written is not read, nor are formulas: only
what stands where the sheet has the box of a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sympy import Expr, Rational

from symcnn.classroom.explain import explain
from symcnn.classroom.marking.asked import asked, expression_of
from symcnn.classroom.marking.intervals.several import one_of
from symcnn.classroom.marking.intervals.written import Unread, figure
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import Matrices, Matrix, Row, Rows
from symcnn.document.document import Document
from symcnn.document.outline import DETAILS
from symcnn.document.pages.latex_matrices import latex_matrix, spaces
from symcnn.document.pages.writers.md import row_lines
from symcnn.document.rows.gaps import gaps_of
from symcnn.document.traversal import flat
from symcnn.errors import SymcnnError
from symcnn.limits.files import text_of
from symcnn.problems import Problem

_BEGIN, _END = "\\begin{array}{", "\\end{array}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CELLS = re.compile(r"&|\\\\")


def check_given(text: str, sheet: Document) -> None:
    """Refuse a text in which a given matrix has other numbers than in the sheet of a problem.

    Matrices that the text does not have are passed over, as somebody may have left them out, and
    so are those with fractions or powers of ten.

    Raises:
        SymcnnError: If one has other numbers.
    """
    for block in flat(sheet.blocks):
        if isinstance(block, Matrices):
            for matrix in block.matrices:
                if not has_boxes(matrix):
                    _check(text, matrix)


def _check(text: str, matrix: Matrix) -> None:
    whole = squeezed(latex_matrix(matrix, spaces))
    left, begin, _ = whole.partition(_BEGIN)
    if not begin or whole in text:
        return
    values = [entry.claim.value for line in matrix.figures for entry in line]
    for cells in _matrices(text, left):
        if all(map(_NUMBER.fullmatch, cells)) and not _stand_for(cells, values):
            name = left.partition(" =")[0]
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


_LONGEST = 400
"""The characters of an answer with what is left of its box."""

_BEGINS = ("\\\\", "}", "]", "```math", r"\quad", "$$")
"""What stands before a row or a matrix."""

_ENDS = re.compile(r"\\\\|\\end\{|&&|\\quad|```|\$\$|$")
"""What stands behind one."""

RULE = r"\\rule\[[^\]]*\]\{[^}]*\}\{[^}]*\}"
BOX = re.compile(rf"{RULE}\\boxed\{{{RULE}\\hspace\{{[^}}]*\}}\}}")
"""A box that nothing was written into."""

_LEFT = re.compile(rf"{RULE}|\\hspace\{{[^}}]*\}}|\\boxed|\\approx|\\[,;:! ]|[{{}}$=\u2248]")
"""What is left of a box."""

_FRACTION = re.compile(r"(-?)\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")

_Found = dict[Expr, list[str]]


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the figures that stand in the boxes of a student's version.

    Raises:
        SymcnnError: If the file has none of the boxes of this problem, or those of a variant with
            other numbers.
    """
    text, best = squeezed(text_of(path)), _Found()
    for sheet in _sheets(problem):
        found = _filled(text, sheet)
        if found:
            check_given(text, sheet)
        best = max(best, found, key=len)
        if not _is_other(text, sheet):
            break
    if not best:
        raise SymcnnError(
            "this has none of the boxes of the problem: fill in what symcnn derive --blanks "
            "--format md writes for it"
        )
    return _by_quantity(problem, best)


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


def _by_quantity(problem: Problem, found: _Found) -> Mapping[str, list[str | Unread]]:
    """Return figures in the order of their quantities; what has no box is left out."""
    answers = dict[str, list[str | Unread]]()
    for name in _names(problem):
        positions = [*problem.quantities.shape(name).positions()]
        entries = [expression_of(problem, name, position) for position in positions]
        if any(entry in found for entry in entries):
            answers[name] = [
                one_of(found.get(entry, []), f"{name}[{', '.join(map(str, position))}]")
                for entry, position in zip(entries, positions, strict=True)
            ]
    return answers


def _names(problem: Problem) -> list[str]:
    """Return the quantities that a sheet can have boxes for, copies among them."""
    outputs = [stage.output.name for stage in problem.network.stages]
    slopes = [f"{GRADIENT}{name}" for name in outputs if name in problem.derivation.adjoints]
    return [*dict.fromkeys([*asked(problem), *outputs, *slopes])]


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


def squeezed(text: str) -> str:
    """Return text with single spaces, and without the marks of quotations."""
    return " ".join(re.sub(r"^[> ]+", "", text, flags=re.MULTILINE).split())


def _display(text: str, asked: tuple[Expr | None, ...]) -> Iterator[Display]:
    around = tuple(part.strip() for part in BOX.split(squeezed(text)))
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


def has_boxes(matrix: Matrix) -> bool:
    """Tell whether a matrix has figures to be filled in."""
    return any(gaps_of(figure) for line in matrix.figures for figure in line)
