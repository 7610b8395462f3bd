"""Formulas on a page: as MathML, in pieces where a phone is narrower than they are.

A browser breaks no line inside of ``<math>``: a formula too long for a phone comes as
several of them, cut at its top-level operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from math import inf

from symcnn.formula import Row
from symcnn.formula.mathml import elements, mathml
from symcnn.formula.operators import explicit
from symcnn.formula.pieces import pieces
from symcnn.formula.width import BROWSER


@dataclass(frozen=True)
class Maths:
    """A ``<math>`` element, and its estimated width in em."""

    markup: str
    width: float


Term = tuple[Maths, ...]
"""A summand, as one element or as its factors."""


def width(tree: Row) -> float:
    """Return the estimated width of a formula in em."""
    return BROWSER.width(_row(tree))


@lru_cache(maxsize=8192)
def formula(
    tree: Row, limit: float = inf, *, display: bool = False, label: str = ""
) -> tuple[Term, ...]:
    """Return a formula's terms, between and within which lines may be broken.

    Args:
        tree: The formula.
        limit: The width in em that no element exceeds, if the formula has places to cut it.
        display: Whether sums and fractions stand as in a formula set apart.
        label: What a screen reader says in place of the first element.
    """
    labels = chain([label], repeat(""))
    return tuple(
        tuple(
            Maths(mathml(part.parts, display=display, label=next(labels)), BROWSER.width(part))
            for part in term
        )
        for term in pieces(_row(tree), limit)
    )


def inside(tree: Row) -> str:
    """Return a formula as it stands inside of another one's element."""
    return elements(_row(tree).parts)


@lru_cache(maxsize=8192)
def _row(tree: Row) -> Row:
    made = explicit(tree)
    return made if isinstance(made, Row) else Row((made,))
