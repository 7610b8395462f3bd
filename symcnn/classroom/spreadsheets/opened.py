"""A workbook that somebody sent: its named cells, as they were saved."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from symcnn.classroom.spreadsheets.archive import Archive
from symcnn.classroom.spreadsheets.displayed import BUILT_IN, GENERAL
from symcnn.classroom.spreadsheets.saved import Saved, SavedCells
from symcnn.errors import SymcnnError, located, shown

_REFERENCE = re.compile(
    r"(?:'(?P<quoted>(?:[^'\[\]]|'')+)'|(?P<plain>[^'!\[\]]+))!"
    r"(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P=cell))?"
)


class Address(NamedTuple):
    """A cell.

    Attributes:
        sheet: The name of its sheet.
        cell: Its address there, C5.
    """

    sheet: str
    cell: str

    def __str__(self) -> str:
        """Return how errors name it."""
        return f"sheet {shown(self.sheet)}, cell {self.cell}"


class Opened:
    """A workbook that is open for reading.

    Attributes:
        names: The cells that have names, by their names in lower case; None for what is the name of
            no single cell, as when it was deleted.
    """

    def __init__(self, file: Path) -> None:
        """Open a file.

        Raises:
            SymcnnError: If it is no workbook.
        """
        self._archive = Archive(file)
        book = self._archive.book
        self._parts = self._archive.targets(book)
        self._sheets: dict[str, str] = {}
        self.names: dict[str, Address | None] = {}
        self._name = ""
        self._archive.walk(book, self._begins, self._ends)

    def saved(self, wanted: Collection[Address]) -> dict[Address, Saved]:
        """Return what was saved of cells; an empty one may be there, too."""
        texts, formats = self._texts(), self._formats()
        found = dict[Address, Saved]()
        for sheet in dict.fromkeys(address.sheet for address in wanted):
            cells = SavedCells({a.cell for a in wanted if a.sheet == sheet}, texts, formats)
            with located(f"sheet {shown(sheet)}"):
                self._archive.walk(self._part_of(sheet), cells.begins, cells.ends)
            found |= {Address(sheet, cell): saved for cell, saved in cells.found.items()}
        return found

    def _begins(self, element: str, given: Mapping[str, str]) -> None:
        if element == "sheet":
            self._sheets[given.get("name", "")] = given.get("id", "")
        self._name = given.get("name", "") if element == "definedName" else ""
        if "localSheetId" in given:  # such a name holds on one sheet alone
            self._name = ""

    def _ends(self, element: str, text: str) -> None:
        if element == "definedName" and self._name:
            self.names[self._name.lower()] = _referred(text.strip())

    def _part_of(self, sheet: str) -> str:
        _, part = self._parts.get(self._sheets.get(sheet, ""), ("", ""))
        if not self._archive.has(part):
            raise SymcnnError("it is not there: fill in the workbook that symcnn wrote")
        return part

    def _of_kind(self, kind: str) -> str:
        """Return the part of a kind; nothing if there is none."""
        parts = (part for found, part in self._parts.values() if found == kind)
        return next((part for part in parts if self._archive.has(part)), "")

    def _texts(self) -> Sequence[str]:
        """Return the texts that cells share."""
        texts, state = list[list[str]](), {"phonetic": 0}

        def begins(element: str, given: Mapping[str, str]) -> None:
            if element == "si":
                texts.append([])
            state["phonetic"] += element == "rPh"

        def ends(element: str, text: str) -> None:
            state["phonetic"] -= element == "rPh"
            if element == "t" and texts and not state["phonetic"]:
                texts[-1].append(text)

        if part := self._of_kind("sharedStrings"):
            self._archive.walk(part, begins, ends)
        return ["".join(runs) for runs in texts]

    def _formats(self) -> Sequence[str]:
        """Return how the styles of cells display numbers."""
        codes, styles, inside = dict[str, str](), list[str](), [False]

        def begins(element: str, given: Mapping[str, str]) -> None:
            if element == "numFmt":
                codes[given.get("numFmtId", "")] = given.get("formatCode", GENERAL)
            elif element == "cellXfs":
                inside[0] = True
            elif element == "xf" and inside[0]:
                styles.append(given.get("numFmtId", "0"))

        def ends(element: str, text: str) -> None:
            if element == "cellXfs":
                inside[0] = False

        if part := self._of_kind("styles"):
            self._archive.walk(part, begins, ends)
        known = {str(number): code for number, code in BUILT_IN.items()} | codes
        return [known.get(style, GENERAL) for style in styles]


def _referred(text: str) -> Address | None:
    """Return the cell that the text of a name refers to."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    sheet = found["plain"] or found["quoted"].replace("''", "'")
    return Address(sheet, found["cell"].replace("$", ""))
