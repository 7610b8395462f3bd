"""Formulas on a page: as MathML, in pieces where a phone is narrower than they are.

A browser breaks no line inside of ``<math>``: a formula too long for a phone comes as
several of them, cut at its top-level operators.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, repeat
from math import inf

from symcnn.writing.formula import Formula
from symcnn.writing.formula.mathml import elements, mathml
from symcnn.writing.formula.operators import explicit
from symcnn.writing.formula.pieces import Cut, pieces
from symcnn.writing.formula.width import BROWSER


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

    def written(piece: Formula) -> str:
        return mathml(piece.parts, display=display, label=next(labels), begins=next(begins))

    return pieces(_row(tree), limit, written)


def inside(tree: Formula) -> str:
    """Return a formula as it stands inside of another one's element."""
    return elements(_row(tree).parts)


@lru_cache(maxsize=8192)
def _row(tree: Formula) -> Formula:
    made = explicit(tree)
    return made if isinstance(made, Formula) else Formula((made,))
