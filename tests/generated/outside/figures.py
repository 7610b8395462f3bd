r"""Printed numbers: is each what it stands for, exactly or rounded, as the sign before it says?"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

import mpmath
import numpy as np

from tests.document.readers.intervals import like, near
from tests.document.readers.scanner import UnreadableError
from tests.generated.outside.source import Side

NUMBER = re.compile(r"-?(\d+(?:\.\d+)?)(?: \\times 10\^\{(-?\d+)\})?")
_FRACTION = re.compile(r"(-?)(?:\\frac\{)?(\d+)(?: / |\}\{)(\d+)\}?")
_SLASH = re.compile(r"(\d+) / (\d+)")
FIGURE = re.compile(rf"(?:\\approx )?(?:{NUMBER.pattern}|{_FRACTION.pattern})")
_SINGLE = re.compile(r"(?P<left>.*?) (?P<relation>=|\\approx) (?P<number>-?[\d\\].*)", re.DOTALL)
_MATRIX = re.compile(
    r"^(?P<left>.*?) (?P<relation>=|\\approx) "
    r"\\left\(\\begin\{array\}\{@\{\}r+@\{\}\}(?P<body>.*)\\end\{array\}\\right\)$",
)


def figure(text: str) -> Side:
    """Return a figure that stands alone, with the sign that stands or is meant before it."""
    rounded = text.startswith(r"\approx")
    number = text.removeprefix(r"\approx").strip()
    return Side(r"\approx" if rounded else "=", _SLASH.sub(r"\\frac{\1}{\2}", number))


def wrong_figure(expected: float, side: Side, digits: int) -> str:
    """Say what is wrong with one printed number, if anything is."""
    value, unit = printed(side.text, expected)
    slack = near(expected) * max(1.0, abs(expected))
    if side.relation == "=":
        return "" if abs(value - expected) <= slack else f"= {side.text} is {expected}"
    if abs(value - expected) > unit / 2 + slack:
        return rf"\approx {side.text} is {expected}"
    if value == 0:  # what cancels, but for all that can be computed of it
        return ""
    return "" if shown(side.text) == digits else rf"\approx stands before {side.text}"


def printed(text: str, number: float) -> tuple[float, float]:
    """Return a printed number, and the unit of its last digit, in numbers of another's kind."""
    is_float = not isinstance(number, mpmath.mpf)
    return _printed(text, 0 if is_float else mpmath.mp.prec)


@lru_cache(maxsize=2**14)
def _printed(text: str, precision: int) -> tuple[float, float]:
    """Return a printed number and a unit, as floats or in a precision that is not 0."""
    number = mpmath.mpf(1) if precision else 1.0
    value, unit = _fractions(text)
    return like(value, number), like(unit, number)


def _fractions(text: str) -> tuple[Fraction, Fraction]:
    """Return a printed number, and the unit of its last digit; one of a quotient is 0."""
    if fraction := _FRACTION.fullmatch(text):
        return Fraction(int(fraction[1] + fraction[2]), int(fraction[3])), Fraction(0)
    found = NUMBER.fullmatch(text)
    if found is None:
        raise UnreadableError(f"{text} is no number")
    places = len(found[1].partition(".")[2])
    power = int(found[2] or 0)
    value = Fraction(found[1]) * Fraction(10) ** power * (-1 if text[0] == "-" else 1)
    return value, Fraction(10) ** (power - places)


def matrix(formula: str) -> tuple[str, list[Side]] | None:
    """Return the left side and the entries of a matrix, if a formula is one."""
    found = _MATRIX.match(formula)
    if found is None:
        return None
    body = re.sub(r"\\phantom\{[^}]*\}", "", found["body"])
    entries = [Side(found["relation"], entry.strip()) for entry in re.split(r"&|\\\\", body)]
    return found["left"], entries


def single(formula: str) -> tuple[str, list[Side]] | None:
    """Return the left side and the number of a tensor that has but one entry."""
    found = _SINGLE.fullmatch(formula)
    return (found["left"], [Side(found["relation"], found["number"])]) if found else None


def wrong_entry(expected: float, side: Side, digits: int) -> str:
    """Say what is wrong with an entry of a matrix, in which some may be rounded, or none."""
    value, unit = printed(side.text, expected)
    slack = near(expected) * max(1.0, abs(expected))
    is_rounded = side.relation != "=" and shown(side.text) == digits
    off = abs(value - expected) > (unit / 2 if is_rounded else 0) + slack
    return f"{side.text} is {expected}" if off else ""


def shown(text: str) -> int:
    """Count the significant digits of a printed number."""
    return len(text.partition(" ")[0].lstrip("-").replace(".", "").lstrip("0"))


def part(array: np.ndarray, places: str, base: int) -> np.ndarray:
    r"""Return the entries of an array at places such as \cdot\cdot1, row by row."""
    written = re.findall(r"\\cdot|\d+" if "," in places else r"\\cdot|\d", places)
    at = tuple(slice(None) if place == r"\cdot" else int(place) - base for place in written)
    return array.squeeze()[at].ravel() if at else array.ravel()
