"""The parts of an .xlsx file: a zip archive of XML, from whoever sent it.

Of a part no more is unpacked than it may be large, no document type is read, so that no entity is
expanded, and nothing is kept but what the reader of a part keeps.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.parsers import expat

from symcnn import limits
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.limits.files import content_of, unzipped

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str, str], None]

_OLD = b"\xd0\xcf\x11\xe0"
"""How old .xls files begin, and those with a password."""

_DEPTH = 100
"""The elements that may be open at once; workbooks have ten."""

_NO_WORKBOOK = (
    "this is no .xlsx workbook: save it in Excel or LibreOffice as .xlsx, with no password"
)


class Archive:
    """An .xlsx file that is open for reading."""

    def __init__(self, file: Path) -> None:
        """Open a file.

        Raises:
            SymcnnError: If it cannot be read, is no workbook, or has macros.
        """
        content = content_of(file)
        if content.startswith(_OLD):
            raise SymcnnError(_NO_WORKBOOK)
        try:
            self._zip = unzipped(BytesIO(content))
        except SymcnnError:
            raise
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise SymcnnError(_NO_WORKBOOK) from None
        self._met = 0
        names = self._zip.namelist()
        self._names = {name.lower(): name for name in names}
        if len(self._names) < len(names):
            raise SymcnnError("two parts of the workbook have one name: save it again")
        if any(name.endswith("vbaproject.bin") for name in self._names):
            raise SymcnnError("the workbook contains macros: save it as .xlsx, without them")

    def walk(self, part: str, start: Start, end: End) -> None:
        """Read a part: call ``start`` where an element begins, and ``end`` with its text.

        Names of elements and attributes are without their namespaces.

        Raises:
            SymcnnError: If there is no such part, or it is too large or damaged.
        """
        words, opened = list[str](), 0

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal opened
            words.clear()
            opened += 1
            self._met += 1
            if opened > _DEPTH or self._met > limits.SPREADSHEET_ELEMENTS:
                raise TooLargeError(f"{part} in the file is too large: keep only the answers")
            start(_local(name), {_local(key): value for key, value in attributes.items()})

        def finish(name: str) -> None:
            nonlocal opened
            opened -= 1
            end(_local(name), "".join(words))
            words.clear()

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = begin, finish
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = words.append, _refuse
        try:
            parser.Parse(self._unpacked(part), True)
        except SymcnnError:
            raise
        except (expat.ExpatError, LookupError, ValueError) as error:  # or of no known encoding
            raise SymcnnError(f"{part} in the file is damaged ({error}): save it again") from None

    @property
    def book(self) -> str:
        """The part that lists the sheets."""
        for kind, part in self.targets("").values():
            if kind == "officeDocument" and self.has(part):
                return part
        raise SymcnnError(_NO_WORKBOOK)

    def has(self, part: str) -> bool:
        """Tell whether there is a part."""
        return part.lower() in self._names

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part refers to inside of the file: kind and part, by identifiers."""
        folder, found = dirname(part), dict[str, tuple[str, str]]()

        def start(name: str, given: Mapping[str, str]) -> None:
            if name == "Relationship" and given.get("TargetMode") != "External":
                kind, target = given.get("Type", "").rpartition("/")[2], given.get("Target", "")
                found[given.get("Id", "")] = kind, normpath(join("/", folder, target))[1:]

        relations = join(folder, "_rels", f"{part.rpartition('/')[2]}.rels")
        self.walk(relations, start, _pass)
        return found

    def _unpacked(self, part: str) -> bytes:
        name = self._names.get(part.lower())
        if name is None:
            raise SymcnnError(_NO_WORKBOOK)
        try:
            with self._zip.open(name) as opened:
                content = opened.read(limits.SPREADSHEET_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError):
            raise SymcnnError(f"{part} in the file is damaged: save it again") from None
        if len(content) > limits.SPREADSHEET_BYTES:
            raise TooLargeError(
                f"{part} in the file has more than {limits.SPREADSHEET_BYTES:,} bytes: keep only "
                "the sheets with the answers"
            )
        return content


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _pass(name: str, text: str) -> None:
    """Keep nothing."""


def _refuse(*declared: object) -> None:
    raise SymcnnError("the file declares a document type: save it in Excel or LibreOffice")
