"""Formulas on a page: as MathML, in pieces where a phone is narrower than they are.

A browser breaks no line inside of ``<math>``: a formula too long for a phone comes as
several of them, cut at its top-level operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from math import inf
from typing import NamedTuple

from symcnn.writing.formula import Formula, pieces
from symcnn.writing.formula.mathml import elements, mathml
from symcnn.writing.formula.operators import TIMES, explicit, is_space
from symcnn.writing.formula.tree import Operator
from symcnn.writing.formula.width import BROWSER

_TIMES = Operator(TIMES)


class Maths(NamedTuple):
    """A ``<math>`` element.

    Attributes:
        markup: The element.
        width: Its estimated width in em.
        is_factor: Whether what follows it is multiplied by it, without a sign that shows it.
    """

    markup: str
    width: float
    is_factor: bool = False


@dataclass(frozen=True)
class Parts:
    """A formula in pieces, between which lines may be broken: terms, or factors of one."""

    parts: tuple[Cut, ...]
    are_terms: bool

    @property
    def width(self) -> float:
        """The estimated width in one line, in em."""
        return sum(part.width for part in self.parts)

    @property
    def is_factor(self) -> bool:
        """Whether its last piece is a factor of what follows."""
        return self.parts[-1].is_factor


Cut = Maths | Parts


def width(tree: Formula) -> float:
    """Return the estimated width of a formula in em."""
    return BROWSER.width(_row(tree))


@lru_cache(maxsize=8192)
def formula(tree: Formula, limit: float = inf, *, display: bool = False, label: str = "") -> Cut:
    """Return a formula in one element, or in parts between which lines may be broken.

    Args:
        tree: The formula.
        limit: The width in em that no element exceeds, if the formula has places to cut it.
        display: Whether sums and fractions stand as in a formula set apart.
        label: What a screen reader says in place of the first element.
    """
    labels = chain([label], repeat(""))
    begins = chain([not display], repeat(False))

    def made(cut: pieces.Cut) -> Cut:
        if not isinstance(cut, Formula):
            return Parts(tuple(map(made, cut.parts)), cut.are_terms)
        begun, name = next(begins), next(labels)
        written = mathml(cut.parts, display=display, label=name, begins=begun)
        return Maths(written, BROWSER.width(cut), _is_factor(cut))

    return made(pieces.pieces(_row(tree), limit))


def _is_factor(piece: Formula) -> bool:
    """Tell whether a piece ends with the invisible sign of a product."""
    shown = [part for part in piece.parts if not is_space(part)]
    return shown[-1:] == [_TIMES]


def inside(tree: Formula) -> str:
    """Return a formula as it stands inside of another one's element."""
    return elements(_row(tree).parts)


@lru_cache(maxsize=8192)
def _row(tree: Formula) -> Formula:
    made = explicit(tree)
    return made if isinstance(made, Formula) else Formula((made,))
