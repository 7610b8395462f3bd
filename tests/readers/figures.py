r"""Printed numbers: is each what it stands for, exactly or rounded, as the sign before it says?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from tests.readers.intervals import like, near
from tests.readers.scanner import UnreadableError
from tests.readers.scope import Formula
from tests.readers.source import Side

NUMBER = re.compile(r"-?(\d+(?:\.\d+)?)(?: \\times 10\^\{(-?\d+)\})?")
_FRACTION = re.compile(r"(-?)(?:\\frac\{)?(\d+)(?: / |\}\{)(\d+)\}?")
_SLASH = re.compile(r"(\d+) / (\d+)")
FIGURE = re.compile(rf"(?:\\approx )?(?:{NUMBER.pattern}|{_FRACTION.pattern})")
_SINGLE = re.compile(r"(?P<left>.*?) (?P<relation>=|\\approx) (?P<number>-?[\d\\].*)", re.DOTALL)
_MATRIX = re.compile(
    r"^(?P<left>.*?) (?P<relation>=|\\approx) "
    r"\\left\(\\begin\{array\}\{@\{\}r+@\{\}\}(?P<body>.*)\\end\{array\}\\right\)$",
)
_NUMERAL = re.compile(r"\\frac\{\d+\}\{\d+\}|\d+(?:\.\d+)?(?: \\times 10\^\{-?\d+\})?")
_OF_LETTERS = re.compile(r"_\{[^{}]*\}|\^\{\(\d+\)\}")
"""What belongs to a letter: indices and the number of a layer."""

_LEAST = 1e-15
"""How far apart floats may be that stand for equal numbers, however small these are."""


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
    value, unit = _fractions(text)
    return like(value, number), like(unit, number)


@lru_cache(maxsize=2**14)
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


class Substituted:
    """Goes along the sides of a row: first the formula, then its numbers."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self.entries: list[float] = []
        self.literals: set[str] = set()

    def wrong(
        self,
        side: Side,
        seen: Mapping[str, Sequence[float]],
        expected: float,
        exactly: Callable[[], Formula],
    ) -> str:
        """Say what is wrong with a side in which numbers stand for the entries before.

        Args:
            side: The side; a formula, whose entries and numbers are kept, or one of numbers.
            seen: The entries that stand in the side.
            expected: What the side is.
            exactly: Reads the side as if all of its numbers were exact.
        """
        numerals = _NUMERAL.findall(_OF_LETTERS.sub("", side.text))
        if seen:
            self.entries += [abs(v) for values in seen.values() for v in values]
            self.literals |= {*numerals}
            return ""
        if not self.entries or _NUMERAL.fullmatch(side.text.removeprefix("-")):
            return ""
        rounded = False
        for numeral in numerals:
            found = {*self._found(numeral)}
            if not found and not self._is_meant(numeral):
                return f"{numeral} stands for no entry"
            rounded = rounded or "rounded" in found
        if side.relation == "=":
            low, high = exactly()({})
            margin = 1e-11 + 1e-9 * abs(expected)
            is_so = low - margin <= expected <= high + margin
            return "" if is_so else f"= {side.text} is {float(expected)}"
        return "" if rounded else rf"\approx {side.text} is exact"

    def _found(self, numeral: str) -> Iterator[str]:
        """Say how a numeral may be meant: as a number of the formula, or as an entry."""
        if numeral in self.literals:
            yield "exactly"
        for entry in self.entries:
            value, unit = printed(numeral, entry)
            off, slack = abs(value - entry), max(near(entry) * entry, _LEAST)
            if off <= slack:
                yield "exactly"
            is_other = off > near(entry) * entry or self._is_padded(numeral)
            is_rounded = shown(numeral) == self.digits or numeral == "0"
            if is_other and is_rounded and off <= unit / 2 + slack:
                yield "rounded"

    def _is_meant(self, numeral: str) -> bool:
        """Tell whether the parts of a fraction have a meaning, as 1 / N has."""
        parts = re.findall(r"\d+", numeral)
        return numeral.startswith(r"\frac") and all(any(self._found(part)) for part in parts)

    def _is_padded(self, numeral: str) -> bool:
        """Tell whether a number ends with a 0 that no exact number has, as 1.00000 does."""
        return shown(numeral) == self.digits and numeral.partition(" ")[0].endswith("0")
