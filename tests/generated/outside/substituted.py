r"""Numbers put into a formula: is each that of an entry, and does = stand before exact ones?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.document.readers.intervals import near
from tests.document.readers.scope import Formula
from tests.generated.outside.figures import printed, shown
from tests.generated.outside.source import Side

_NUMERAL = re.compile(r"\\frac\{\d+\}\{\d+\}|\d+(?:\.\d+)?(?: \\times 10\^\{-?\d+\})?")
_OF_LETTERS = re.compile(r"_\{[^{}]*\}|\^\{\(\d+\)\}")
"""What belongs to a letter: indices and the number of a layer."""

_LEAST = 1e-15
"""How far apart floats may be that stand for equal numbers, however small these are."""


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
