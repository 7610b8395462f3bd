"""A workbook that is open for reading: its cells by their names, and what was saved of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from symcnn.classroom.spreadsheets.archive import Archive
from symcnn.classroom.spreadsheets.saved import BUILT_IN, GENERAL, Saved, saved_cells, text_in
from symcnn.errors import SymcnnError, located, shown

_REFERENCE = re.compile(
    r"(?:'(?P<quoted>(?:[^'\[\]]|'')+)'|(?P<plain>[^'!\[\]]+))!"
    r"(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P=cell))?"
)


_PROPERTIES = "docProps/core.xml"
"""The part with the title of a workbook."""


class Address(NamedTuple):
    """A cell."""

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
        for element in self._archive.elements(book, "sheet", "definedName"):
            given, name = element.given, element.given.get("name", "")
            if element.name == "sheet":
                self._sheets[name] = given.get("id", "")
            elif name and "localSheetId" not in given:  # such a name holds on one sheet alone
                self.names[name.lower()] = _referred(element.text.strip())

    @property
    def title(self) -> str:
        """The title of the workbook; empty if it has none."""
        if not self._archive.has(_PROPERTIES):
            return ""
        titles = self._archive.elements(_PROPERTIES, "title")
        return next((element.text for element in titles), "")

    def saved(self, wanted: Collection[Address]) -> dict[Address, Saved]:
        """Return what was saved of cells; an empty one may be there, too."""
        texts, formats = self._texts(), self._formats()
        found = dict[Address, Saved]()
        for sheet in dict.fromkeys(address.sheet for address in wanted):
            own = {address.cell for address in wanted if address.sheet == sheet}
            with located(f"sheet {shown(sheet)}"):
                rows = self._archive.elements(self._part_of(sheet), "row")
                for cell, saved in saved_cells(rows, own, texts, formats):
                    found[Address(sheet, cell)] = saved
        return found

    def _part_of(self, sheet: str) -> str:
        _, part = self._parts.get(self._sheets.get(sheet, ""), ("", ""))
        if not self._archive.has(part):
            raise SymcnnError("the file does not exist: fill in the workbook that symcnn wrote")
        return part

    def _of_kind(self, kind: str) -> str:
        """Return the part of a kind; nothing if there is none."""
        parts = (part for found, part in self._parts.values() if found == kind)
        return next((part for part in parts if self._archive.has(part)), "")

    def _texts(self) -> Sequence[str]:
        """Return the texts that cells share."""
        part = self._of_kind("sharedStrings")
        return [text_in(each) for each in self._archive.elements(part, "si")] if part else []

    def _formats(self) -> Sequence[str]:
        """Return how the styles of cells display numbers."""
        codes, styles = {str(number): code for number, code in BUILT_IN.items()}, list[str]()
        if part := self._of_kind("styles"):
            for element in self._archive.elements(part, "numFmt", "cellXfs"):
                given = element.given
                if element.name == "numFmt":
                    codes[given.get("numFmtId", "")] = given.get("formatCode", GENERAL)
                styles += [style.given.get("numFmtId", "0") for style in element.each("xf")]
        return [codes.get(style, GENERAL) for style in styles]


def _referred(text: str) -> Address | None:
    """Return the cell that the text of a name refers to."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    sheet = found["plain"] or found["quoted"].replace("''", "'")
    return Address(sheet, found["cell"].replace("$", ""))
