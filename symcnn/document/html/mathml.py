r"""MathML for browsers: a formula's LaTeX, converted and put right.

latex2mathml reads the formula; ``tidy`` mends what it leaves to chance, such as which
minus is a sign. A browser breaks no line inside of ``<math>``: a formula too long for a
phone comes as several of them, cut at its top-level operators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from importlib import import_module
from math import inf
from typing import Any
from xml.etree.ElementTree import Element, tostring

from symcnn.document.html.breadth import breadth
from symcnn.document.html.pieces import Row, is_group, pieces
from symcnn.document.html.signs import INVISIBLE
from symcnn.document.html.tidy import tidied
from symcnn.errors import SymcnnError

_LIBRARY = "latex2mathml.converter"
_UNITS = re.compile(r"(\d)(?=\s*(?:in|mm|cm|pt|em|ex|pc|bp|dd|cc|sp|mu))")
"""A digit that latex2mathml would read as a length, together with the letters after it."""


@dataclass(frozen=True)
class Maths:
    """A ``<math>`` element, and its estimated width in em."""

    markup: str
    width: float


Term = tuple[Maths, ...]
"""A summand, as one element or as its factors."""


@lru_cache(maxsize=8192)
def width(latex: str) -> float:
    """Return the estimated width of a formula in em."""
    return breadth(_row(latex))


def letters(latex: str) -> str:
    """Return the characters of a formula one after another, for names that are read aloud."""
    shown = "".join("".join(element.itertext()) for element in _row(latex))
    return "".join(character for character in shown if character not in INVISIBLE)


@lru_cache(maxsize=8192)
def formula(latex: str, room: float = inf, *, display: bool = False) -> tuple[Term, ...]:
    """Return a formula's terms, between and within which lines may be broken.

    Args:
        latex: The formula.
        room: The width in em that no element exceeds, if the formula has places to cut it.
        display: Whether sums and fractions stand as in a formula set apart.

    Raises:
        SymcnnError: If latex2mathml is not installed.
    """
    return tuple(
        tuple(Maths(_math(part, display), breadth(part)) for part in term)
        for term in pieces(_row(latex), room)
    )


@lru_cache(maxsize=8192)
def _row(latex: str) -> Row:
    made = tidied(_converted(latex))
    return tuple(made) if made.tag == "mrow" and not is_group(made) else (made,)


def _converted(latex: str) -> Element:
    """Return what latex2mathml makes of a formula, with characters for references to them."""
    made: Element = _latex2mathml().convert_to_element(_UNITS.sub(r"\1{}", latex))
    for element in made.iter():
        element.text = unescape(element.text or "")
    return made[0]


def _latex2mathml() -> Any:
    try:
        return import_module(_LIBRARY)
    except ImportError as error:
        raise SymcnnError("HTML needs latex2mathml: pip install latex2mathml") from error


def _math(children: Row, display: bool) -> str:
    math = Element("math", {"displaystyle": "true"} if display else {})
    math.extend(children)
    return tostring(math, encoding="unicode")
