"""What a file holds of cells: values as they were saved, and whether a formula is behind them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from symcnn import limits
from symcnn.classroom.spreadsheets.displayed import GENERAL
from symcnn.classroom.spreadsheets.layout import Place, address
from symcnn.errors import TooLargeError

_ROW = re.compile(r"[0-9]{1,9}")


class Saved(NamedTuple):
    """What was saved of a cell.

    Attributes:
        kind: What the file says that it is: "n" a number, "text", "b" a truth, "e" an error.
        value: Its value, as text.
        formula: Its formula; None if it has none.
        format: How its number is displayed.
    """

    kind: str = "n"
    value: str = ""
    formula: str | None = None
    format: str = GENERAL


class SavedCells:
    """Collects cells while the part of a sheet is read.

    Attributes:
        found: Those of the cells that are there.
    """

    def __init__(
        self, wanted: Collection[str], texts: Sequence[str], formats: Sequence[str]
    ) -> None:
        """Take the addresses that are wanted, the texts that cells share, and the styles."""
        self.found: dict[str, Saved] = {}
        self._wanted, self._texts, self._formats = wanted, texts, formats
        self._count, self._next = 0, Place(0, 0)
        self._at, self._given = "", dict[str, str]()
        self._value = list[str]()
        self._formula: str | None = None
        self._phonetic = False

    def begins(self, element: str, given: Mapping[str, str]) -> None:
        """Meet the beginning of an element."""
        if element == "row":
            number = given.get("r", "")
            row = int(number) - 1 if _ROW.fullmatch(number) else self._next.row
            self._next = Place(row, 0)
        elif element == "c":
            self._cell_begins(given)
        elif element == "rPh":
            self._phonetic = True

    def ends(self, element: str, text: str) -> None:
        """Meet the end of an element, with its text."""
        if element == "f":
            self._formula = text
        elif element == "v":
            self._value = [text]
        elif element == "t" and not self._phonetic:
            self._value.append(text)
        elif element == "rPh":
            self._phonetic = False
        elif element == "row":
            self._next = Place(self._next.row + 1, 0)
        elif element == "c" and self._at in self._wanted:
            self.found[self._at] = self._saved()

    def _cell_begins(self, given: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > limits.SPREADSHEET_CELLS:
            raise TooLargeError(
                f"a sheet has more than {limits.SPREADSHEET_CELLS:,} cells: keep only the answers"
            )
        self._at = given.get("r") or address(self._next).replace("$", "")
        self._next = Place(self._next.row, self._next.column + 1)
        self._given, self._value, self._formula = dict(given), [], None

    def _saved(self) -> Saved:
        kind, value = self._given.get("t", "n"), "".join(self._value)
        if kind == "s":
            value = self._texts[int(value)] if _is_index(value, self._texts) else ""
        if kind in ("s", "str", "inlineStr"):
            kind = "text"
        style = self._given.get("s", "0")
        format = self._formats[int(style)] if _is_index(style, self._formats) else GENERAL
        return Saved(kind, value, self._formula, format)


def _is_index(number: str, listed: Sequence[str]) -> bool:
    """Tell whether a text is the number of something in a list."""
    return bool(_ROW.fullmatch(number)) and int(number) < len(listed)
