"""The parts of an .xlsx file: a zip archive of XML, from whoever sent it.

Of a part no more is unpacked than it may be large, no document type is read, so that no entity is
expanded, and nothing is kept but one element at a time that the reader asks for.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.parsers import expat

from symcnn import limits
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.limits.files import content_of, unzipped

_OLD = b"\xd0\xcf\x11\xe0"
"""How old .xls files begin, and those with a password."""

_DEPTH = 100
"""The elements that may be open at once; workbooks have ten."""

_HELD = 250_000
"""The elements that one may hold: a row has 16,384 cells, and there are 65,490 styles at most."""

_AT_ONCE = 2**16
"""The bytes of a part between which elements are given."""

_NO_WORKBOOK = (
    "this is no .xlsx workbook: save it in Excel or LibreOffice as .xlsx, with no password"
)


@dataclass
class Element:
    """An element of a part, its names without their namespaces."""

    name: str
    given: Mapping[str, str]
    parts: list[Element] = field(default_factory=list)
    text: str = ""

    def each(self, name: str) -> Iterator[Element]:
        """Run over the elements of a name that are right in it."""
        return (part for part in self.parts if part.name == name)


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

    def elements(self, part: str, *names: str) -> Iterator[Element]:
        """Run over the elements of a part that have one of some names, each with all in it.

        Raises:
            SymcnnError: If there is no such part, or it is too large or damaged.
        """
        words, opened, done, depth, held = list[str](), list[Element](), list[Element](), 0, 0

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, held
            words.clear()
            depth, held, self._met = depth + 1, held + 1 if opened else 0, self._met + 1
            if depth > _DEPTH or held > _HELD or self._met > limits.SPREADSHEET_ELEMENTS:
                raise TooLargeError(f"{part} in the file is too large: keep only the answers")
            if opened or _local(name) in names:
                given = {_local(key): value for key, value in attributes.items()}
                made = Element(_local(name), given)
                if opened:
                    opened[-1].parts.append(made)
                opened.append(made)

        def finish(name: str) -> None:
            nonlocal depth
            depth -= 1
            if opened:
                made = opened.pop()
                made.text = "".join(words)
                if not opened:
                    done.append(made)
            words.clear()

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = begin, finish
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = words.append, _refuse
        content = self._unpacked(part)
        for start in range(0, len(content) + 1, _AT_ONCE):
            try:
                parser.Parse(content[start : start + _AT_ONCE], start + _AT_ONCE > len(content))
            except SymcnnError:
                raise
            except (expat.ExpatError, LookupError, ValueError) as error:  # or no known encoding
                raise SymcnnError(
                    f"{part} in the file is damaged ({error}): save it again"
                ) from None
            yield from done
            done.clear()

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
        relations = join(folder, "_rels", f"{part.rpartition('/')[2]}.rels")
        for element in self.elements(relations, "Relationship"):
            given = element.given
            if given.get("TargetMode") != "External":
                kind, target = given.get("Type", "").rpartition("/")[2], given.get("Target", "")
                found[given.get("Id", "")] = kind, normpath(join("/", folder, target))[1:]
        return found

    def _unpacked(self, part: str) -> bytes:
        name = self._names.get(part.lower())
        if name is None:
            raise SymcnnError(_NO_WORKBOOK)
        try:
            with self._zip.open(name) as opened:
                content = opened.read(limits.SPREADSHEET_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
            raise SymcnnError(f"{part} in the file is damaged: save it again") from None
        if len(content) > limits.SPREADSHEET_BYTES:
            raise TooLargeError(
                f"{part} in the file has more than {limits.SPREADSHEET_BYTES:,} bytes: keep only "
                "the sheets with the answers"
            )
        return content


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*declared: object) -> None:
    raise SymcnnError("the file declares a document type: save it in Excel or LibreOffice")
