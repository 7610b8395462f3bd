"""A workbook that is open for reading: its cells by their names, and what was saved of them.

What counts is the figure that a cell displays, which somebody sees and has written:

0.42 as 0.000       0.420            0.0304 as 0.0E+00     3.0e-2
0.42 as 0.0%        0.420            0.333 as # ?/?        1/3
0.42 as General     0.42             a computed number as General: 10 digits, all that it shows

The parts of an .xlsx file: a zip archive of XML, from whoever sent it.

Of a part no more is unpacked than it may be large, no document type is read, so that no entity is
expanded, and nothing is kept but one element at a time that the reader asks for.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import NamedTuple
from xml.parsers import expat

from symcnn import limits
from symcnn.classroom.spreadsheets.contents import Place, address
from symcnn.errors import SymcnnError, TooLargeError, located, shown
from symcnn.limits.files import content_of, unzipped

GENERAL = "General"
BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00"},
    **{12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0"},
    **dict.fromkeys((37, 38), "#,##0"),
    **dict.fromkeys((39, 40), "#,##0.00"),
    **dict.fromkeys((41, 42), "#,##0"),
    **dict.fromkeys((43, 44), "#,##0.00"),
    **dict.fromkeys((*range(14, 23), 45, 46, 47), "yyyy"),
}
"""The formats that files name by numbers; all others are like General, or stand in the file."""

_TYPED_DIGITS = 15
_SHOWN_DIGITS = 10
"""General shows a number of up to eleven characters."""

_NO_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Texts, blanks, colours and conditions in a format."""

_LONGEST = 255
"""The characters of a format that programs take."""

_MOST_DECIMALS = 30

_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_DECIMALS = re.compile(r"(?P<whole>[#0?,]*)(?:\.(?P<decimals>[#0?]*))?(?P<end>%|[eE][+-]0+)?")
_QUOTIENT = re.compile(r"(?P<whole>[#0?]*\s+)?[#0?]+/(?P<below>[#0?]+|\d+)")


def is_date(code: str) -> bool:
    """Tell whether a format displays a number as a date or a time.

    >>> is_date("dd/mm/yyyy"), is_date("0.00"), is_date('0.0" m"')
    (True, False, False)
    """
    plain = _NO_FORMAT.sub("", code[:_LONGEST])
    return code != GENERAL and plain.lower() != "general" and bool(_DATE.search(plain))


def displayed(number: float, code: str) -> str:
    """Return the figure that a cell with a format displays.

    >>> displayed(0.42, "0.000"), displayed(0.42, "0.0%"), displayed(1 / 3, "# ?/?")
    ('0.420', '0.420', '1/3')
    >>> displayed(0.1 + 0.2, "General"), displayed(1 / 3, "General"), displayed(0.5, "0.0##")
    ('0.3', '0.3333333333', '0.5')
    """
    section = _NO_FORMAT.sub("", _section(number, code[:_LONGEST])).strip(" -+()$€£")
    if found := _DECIMALS.fullmatch(section):
        return _rounded(number, found["decimals"] or "", found["end"] or "") if section else ""
    if found := _QUOTIENT.fullmatch(section):
        return _quotient(number, found["below"])
    return _general(number)


def _section(number: float, code: str) -> str:
    """Return the part of a format for the sign of a number."""
    sections = code.split(";")
    place = 1 if number < 0 else 2 if number == 0 else 0
    return sections[place] if place < len(sections) and sections[place] else sections[0]


def _general(number: float) -> str:
    """Return a number that was typed, or the digits that General shows of a computed one."""
    typed = Decimal(f"{number:.{_TYPED_DIGITS}g}")
    if len(typed.normalize().as_tuple().digits) <= _SHOWN_DIGITS:
        return f"{number:.{_TYPED_DIGITS}g}"
    return f"{number:#.{_SHOWN_DIGITS}g}"


def _rounded(number: float, decimals: str, end: str) -> str:
    """Return a number with fixed decimals, of a percentage two more, or those of its mantissa."""
    value = Decimal(f"{number:.{_TYPED_DIGITS}g}")
    shift = value.adjusted() if end[:1] in ("e", "E") and value else -2 if end == "%" else 0
    most, least = min(len(decimals), _MOST_DECIMALS), decimals.count("0")
    with localcontext(prec=400):  # of 308 digits before the decimal mark
        scaled = value.scaleb(-shift).quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    text = f"{scaled:f}"
    for _ in range(most - least):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    if end == "%":
        places = len(text.partition(".")[2]) + 2
        return f"{Decimal(text).scaleb(-2):.{places}f}"
    return f"{text}e{shift}" if end else text


def _quotient(number: float, below: str) -> str:
    """Return the quotient of whole numbers that a format of fractions displays."""
    if below.isdecimal() and int(below):
        return f"{round(number * int(below))}/{int(below)}"
    made = Fraction(number).limit_denominator(10 ** len(below) - 1)
    return f"{made.numerator}/{made.denominator}"


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


def saved_cells(
    rows: Iterable[Element], wanted: Collection[str], texts: Sequence[str], formats: Sequence[str]
) -> Iterator[tuple[str, Saved]]:
    """Run over the cells that are wanted; one that has no address stands behind the one before."""
    count, row = 0, -1
    for element in rows:
        number = element.given.get("r", "")
        row = int(number) - 1 if _ROW.fullmatch(number) else row + 1
        for column, cell in enumerate(element.each("c")):
            count += 1
            if count > limits.SPREADSHEET_CELLS:
                raise TooLargeError(
                    f"a sheet has more than {limits.SPREADSHEET_CELLS:,} cells: keep only the "
                    "answers"
                )
            at = cell.given.get("r") or address(Place(row, column)).replace("$", "")
            if at in wanted:
                yield at, _saved(cell, texts, formats)


def _saved(cell: Element, texts: Sequence[str], formats: Sequence[str]) -> Saved:
    kind = cell.given.get("t", "n")
    formulas, values = ([part.text for part in cell.each(name)] for name in ("f", "v"))
    value = values[-1] if values else text_in(cell)
    if kind == "s":
        value = texts[int(value)] if _is_index(value, texts) else ""
    if kind in ("s", "str", "inlineStr"):
        kind = "text"
    style = cell.given.get("s", "0")
    format = formats[int(style)] if _is_index(style, formats) else GENERAL
    return Saved(kind, value, formulas[-1] if formulas else None, format)


def text_in(element: Element) -> str:
    """Return the text of an element in its runs, without how it is pronounced."""
    if element.name == "t":
        return element.text
    return "".join(text_in(part) for part in element.parts if part.name != "rPh")


def _is_index(number: str, listed: Sequence[str]) -> bool:
    return bool(_ROW.fullmatch(number)) and int(number) < len(listed)


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
        for sheet in dict.fromkeys(cell.sheet for cell in wanted):
            own = {cell.cell for cell in wanted if cell.sheet == sheet}
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
