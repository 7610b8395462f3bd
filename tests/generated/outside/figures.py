r"""Printed numbers: is each what it stands for, exactly or rounded, as the sign before it says?"""

from __future__ import annotations

import re

import numpy as np

from tests.generated.outside.source import Side

NUMBER = re.compile(r"-?(\d+(?:\.\d+)?)(?: \\times 10\^\{(-?\d+)\})?")
_MATRIX = re.compile(
    r"^(?P<letter>.*?)(?:_\{(?P<places>(?:\\cdot|\d|,| )*)\})? (?P<relation>=|\\approx) "
    r"\\left\(\\begin\{array\}\{r+\}(?P<body>.*)\\end\{array\}\\right\)$",
)


def figure(text: str) -> Side:
    """Return a figure that stands alone, with the sign that stands or is meant before it."""
    rounded = text.startswith(r"\approx")
    return Side(r"\approx" if rounded else "=", text.removeprefix(r"\approx").strip())


def wrong_figure(expected: float, side: Side, digits: int) -> str:
    """Say what is wrong with one printed number, if anything is."""
    number = NUMBER.fullmatch(side.text)
    assert number is not None
    value, unit = printed(side.text)
    slack = 1e-12 * max(1.0, abs(expected))
    if side.relation == "=":
        return "" if abs(value - expected) <= slack else f"= {side.text} is {expected!r}"
    if abs(value - expected) > unit / 2 + slack:
        return rf"\approx {side.text} is {expected!r}"
    if value == 0:  # what cancels, but for all that can be computed of it
        return ""
    shown = len(number[1].replace(".", "").lstrip("0"))
    return "" if shown == digits else rf"\approx stands before {side.text}"


def printed(text: str) -> tuple[float, float]:
    """Return a printed number, and the unit of its last digit."""
    number = NUMBER.fullmatch(text)
    assert number is not None
    places = len(number[1].partition(".")[2])
    power = int(number[2] or 0)
    value = float(number[1]) * 10.0**power * (-1 if text[0] == "-" else 1)
    return value, 10.0 ** (power - places)


def matrix(formula: str) -> tuple[str, str, list[Side]] | None:
    """Return the letter, the places and the entries of a matrix, if a formula is one."""
    found = _MATRIX.match(formula)
    if found is None:
        return None
    body = re.sub(r"\\phantom\{[^}]*\}", "", found["body"])
    entries = [Side(found["relation"], entry.strip()) for entry in re.split(r"&|\\\\", body)]
    return found["letter"], found["places"] or "", entries


def wrong_entry(expected: float, side: Side) -> str:
    """Say what is wrong with an entry of a matrix, in which some may be rounded, or none."""
    value, unit = printed(side.text)
    rounding = 0.0 if side.relation == "=" else unit / 2
    off = abs(value - expected) > rounding + 1e-12 * max(1.0, abs(expected))
    return f"{side.text} is {expected!r}" if off else ""


def part(array: np.ndarray, places: str, base: int) -> np.ndarray:
    r"""Return the entries of an array at places such as \cdot\cdot1, row by row."""
    written = re.findall(r"\\cdot|\d+" if "," in places else r"\\cdot|\d", places)
    at = tuple(slice(None) if place == r"\cdot" else int(place) - base for place in written)
    return array.squeeze()[at].ravel() if at else array.ravel()
