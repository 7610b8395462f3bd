r"""A single equation in several notations, on one line or broken for a column.

\frac{\partial L}{\partial w_{uk}} = \sum_{i=1}^{2} \delta^{z}_{ik} x_{i+u-1}
    \quad (u = 1, 2,\; k = 1, 2, 3)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any, Literal, NamedTuple, Protocol, get_args

from symcnn.errors import SymcnnError, check_choice, shown
from symcnn.writing.formula import Formula, typst, unicode
from symcnn.writing.formula.breaking import COLUMN, Line, lines
from symcnn.writing.formula.build import INDENT, grown, row
from symcnn.writing.formula.latex import latex
from symcnn.writing.formula.mathml import mathml
from symcnn.writing.formula.operators import explicit
from symcnn.writing.formula.substitution import Macro, substituted
from symcnn.writing.formula.width import width as width_of

Format = Literal["latex", "typst", "mathml", "unicode"]
"""The notations of single equations."""


class _Writer(Protocol):
    def __call__(self, formula: Formula, /) -> str: ...


def _mathml(formula: Formula) -> str:
    return mathml([explicit(formula)], display=True)


_WRITERS: Mapping[Format, _Writer] = {
    "latex": latex,
    "typst": typst.formula,
    "mathml": _mathml,
    "unicode": unicode.text,
}

_BROKEN = {
    "latex": ("\\begin{aligned}\n", " \\\\\n", "\n\\end{aligned}"),
    "typst": ("", " \\\n", ""),
}
"""What stands in front of lines, between and behind them, where the lines are aligned."""


NOTHING = Formula(())


class _Side(NamedTuple):
    relation: str
    terms: tuple[Formula, ...]


class _Row(NamedTuple):
    left: Formula
    sides: tuple[_Side, ...]
    number: str = ""


@dataclass(frozen=True)
class Statement:
    """left = the sum of terms, for what the free indices run over.

    Attributes:
        left: The left side.
        terms: The summands of the right side.
        over: What the free indices run over, if there are any, behind a space.
    """

    left: Formula
    terms: tuple[Formula, ...]
    over: Formula = NOTHING

    @property
    def right(self) -> Formula:
        """The right side, with what the free indices run over."""
        return grown(row(*self.terms, self.over))

    @property
    def latex(self) -> str:
        """The statement in LaTeX."""
        return self.written()

    def written(
        self,
        format: Format = "latex",
        *,
        conditions: bool = True,
        width: float | None = None,
        macros: Sequence[Macro] = (),
    ) -> str:
        """Write the statement, to be set as a formula.

        Args:
            format: The notation.
            conditions: Whether it says what the free indices run over.
            width: The width of a line in points, in letters of 10 points; a longer formula is
                broken into lines that are aligned at the sign of equality.
            macros: What stands in LaTeX in place of letters.

        Raises:
            SymcnnError: If a part of the formula is wider than a line, or the notation has none.
        """
        check_choice("format", format, get_args(Format), ", ".join(get_args(Format)))
        if macros and format != "latex":
            raise SymcnnError(f"{format} has no macros of LaTeX: omit them")
        left = substituted(self.left, macros)
        terms = [substituted(term, macros) for term in self.terms]
        terms += [self.over] if conditions and self.over.parts else []
        if width is None:
            return _WRITERS[format](row(left, "=", grown(row(*terms))))
        made = _lines(_Row(left, (_Side("=", tuple(terms)),)), _checked(width))
        if len(made) == 1:
            return _WRITERS[format](row(made[0].left, made[0].right))
        if format not in _BROKEN:
            raise SymcnnError(
                f"{format} has no aligned lines: omit width, or choose latex or typst"
            )
        begin, between, end = _BROKEN[format]
        write = _WRITERS[format]
        return begin + between.join(f"{write(a.left)} &{write(a.right)}" for a in made) + end


def _checked(width: Any) -> float:
    """Return a width, if it is one."""
    is_number = isinstance(width, int | float) and not isinstance(width, bool)
    if not (is_number and isfinite(width) and width > 0):
        raise SymcnnError(f"width is {shown(width)}: give the points of a line, such as 240")
    return float(width)


def _lines(whole: _Row, width: float) -> list[Line]:
    """Break an equation into lines, none of which is wider."""
    made = lines(whole, width, COLUMN)
    needed = width_of(whole.left) + max(width_of(line.right) for line in made)
    if needed > width:
        raise SymcnnError(
            f"a part of the formula is {ceil(needed)} points wide, with its left-hand side, and "
            f"width is {width:g}: give at least {ceil(needed)}"
        )
    return [Line(line.left, _indented_once(line.right), line.begins) for line in made]


def _indented_once(line: Formula) -> Formula:
    """Leave out one of two spaces that a line begins with."""
    return Formula(line.parts[1:]) if line.parts[:2] == (INDENT, INDENT) else line
