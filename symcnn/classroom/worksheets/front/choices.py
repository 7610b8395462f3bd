"""The front of sheets: what a teacher chooses, checked at once, on a cover or above the problem."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from symcnn import limits
from symcnn.classroom.marking.asked import UPDATED
from symcnn.derivation.statement import GRADIENT
from symcnn.document.blocks import Block, Break, Emblems, Inline, Paragraph, Table, paragraph
from symcnn.document.inline import Image
from symcnn.errors import SymcnnError, TooLargeError, located, shown
from symcnn.limits import sheets
from symcnn.limits.files import content_of, text_of
from symcnn.writing.formula import Gap
from symcnn.writing.formula.build import row

_HIGH, _WIDEST = 48.0, 160.0
"""How high a logo is printed, and how wide it can be, in points."""

_PNG, _PDF = b"\x89PNG\r\n\x1a\n", b"%PDF-"
_ALT = "The logo."


def logo_of(path: Path) -> Image:
    """Return a logo.

    Raises:
        TooLargeError: If the file is too large.
        SymcnnError: If it cannot be read, or is neither.
    """
    content = content_of(path, sheets.LOGO_BYTES)
    if content.startswith(_PNG):
        return picture(content, "png", *_size(content), alt=_ALT)
    if content.startswith(_PDF):
        return picture(content, "pdf", *_box(content), alt=_ALT)
    raise SymcnnError("the logo is neither PNG nor PDF: save it as one of the two")


def picture(
    content: bytes, format: Literal["png", "pdf"], wide: float, high: float, alt: str
) -> Image:
    """Return a picture as high as a logo, unless that is too wide."""
    scale = min(_HIGH / high, _WIDEST / wide)
    return Image(content, format, round(wide * scale, 1), round(high * scale, 1), alt)


def _size(content: bytes) -> tuple[int, int]:
    """Return the width and the height of a PNG, all of whose parts are sound."""
    parts = [*_parts(content)]
    if not parts or parts[0][0] != b"IHDR" or len(parts[0][1]) != 13 or parts[-1][0] != b"IEND":
        raise SymcnnError("the logo is a damaged PNG: save it again")
    wide, high = (int.from_bytes(parts[0][1][at : at + 4], "big") for at in (0, 4))
    if not wide * high:
        raise SymcnnError("the logo has no pixels: save it again")
    if wide * high > sheets.LOGO_PIXELS:
        raise TooLargeError(
            f"the logo has {wide * high:,} pixels: save it with at most {sheets.LOGO_PIXELS:,}"
        )
    return wide, high


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Run over the parts of a PNG: their kinds and what they hold."""
    at = len(_PNG)
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise SymcnnError("the logo is a damaged PNG: save it again")
        yield kind, body
        at += 12 + length


def _box(content: bytes) -> tuple[float, float]:
    """Return the width and the height of a PDF's page, if the file says so plainly."""
    _, found, rest = content.partition(b"/MediaBox")
    numbers = rest.partition(b"[")[2].partition(b"]")[0].split() if found else []
    try:
        left, low, right, top = map(float, numbers)
    except ValueError:
        raise SymcnnError("the page of the logo has no size: save it as PNG") from None
    if not (0 < right - left < 10_000 and 0 < top - low < 10_000):
        raise SymcnnError("the page of the logo has no size: save it as PNG")
    return right - left, top - low


_FILES = (".md", ".txt")
"""How the name of a file with an introduction ends."""

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Front:
    """What sheets have besides the problem.

    Attributes:
        course: The name of the course.
        date: The date, in words.
        introduction: Paragraphs in front of the problem.
        logo: A picture at the top.
        cover: Whether there is a page of its own for all of this, with a table of the points.
        qr: Whether there is a QR code with the variant and the title.
        formulas: Whether formulas and explanations are given.
        hints: Whether there are hints at the end.
    """

    course: str = ""
    date: str = ""
    introduction: tuple[str, ...] = ()
    logo: Image | None = None
    cover: bool = False
    qr: bool = False
    formulas: bool = True
    hints: bool = False


def front(
    course: str = "",
    date: Any = "",
    introduction: str | Path = "",
    logo: str | Path | None = None,
    cover: bool = False,
    qr: bool = False,
    formulas: bool = True,
    hints: bool = False,
) -> Front:
    """Return what is chosen for the front of sheets, as ``worksheet`` takes it.

    Raises:
        TooLargeError: If a text or a file is too long.
        SymcnnError: If one of them is something else, or a file cannot be read.
    """
    if qr and find_spec("segno") is None:
        raise SymcnnError("a QR code is made by segno: pip install 'symcnn[qr]'")
    words = {"course": _words("course", course), "date": _words("date", str(date))}
    image = None
    if logo is not None:
        with located(str(logo)):
            image = logo_of(Path(logo))
    said = _paragraphs(introduction)
    return Front(
        **words, introduction=said, logo=image, cover=cover, qr=qr, formulas=formulas, hints=hints
    )


def _words(name: str, given: Any) -> str:
    if not isinstance(given, str):
        raise SymcnnError(f"{name} is {shown(given)}: give a text")
    if len(given) > limits.TEXT_LETTERS:
        raise TooLargeError(
            f"{name} has {len(given):,} characters: give at most {limits.TEXT_LETTERS:,}"
        )
    return " ".join(given.split())


def _paragraphs(given: Any) -> tuple[str, ...]:
    """Return paragraphs as they stand: nothing in them is markup."""
    if not isinstance(given, str | Path):
        raise SymcnnError(f"introduction is {shown(given)}: give a text, or the name of a file")
    text = str(given)
    if "\n" not in text and text.lower().endswith(_FILES):
        with located(text):
            text = text_of(Path(text))
    if len(text) > sheets.INTRODUCTION_LETTERS:
        raise TooLargeError(
            f"the introduction has {len(text):,} characters: give at most "
            f"{sheets.INTRODUCTION_LETTERS:,}"
        )
    found = (" ".join(part.split()) for part in _PARAGRAPHS.split(text.replace("\r\n", "\n")))
    return tuple(filter(None, found))


_SIZE, _PIXELS, _QUIET = 62.0, 8, 4
"""How large it is printed, in points; the pixels of a cell, and the cells of its margin."""

_LETTERS = 120
"""The characters of a title that it has: of more its cells would be too small."""


def qr(title: str, variant: str, code: str) -> Image:
    """Return the QR code of a sheet: lines of text."""
    import segno  # an extra

    said = [f"variant {variant}"] if variant else []
    text = "\n".join([title[:_LETTERS], *said, f"sheet {code}"])
    content = BytesIO()
    segno.make_qr(text, error="m").save(content, kind="png", scale=_PIXELS, border=_QUIET)
    alt = "A QR code with the title and the variant of this sheet."
    return Image(content.getvalue(), "png", _SIZE, _SIZE, alt)


_REACHED = Inline(row(Gap(36.0, 14.0)))
"""Where points are written."""

_ROWS = 18
"""The rows of a table that fits on a cover."""

_KINDS = {GRADIENT: "Derivatives", UPDATED: "Updated weights", "": "Outputs and loss"}
"""What quantities are together, by how their names begin."""


def with_front(
    blocks: Sequence[Block], chosen: Front, code: Image | None, figures: Mapping[str, int]
) -> Iterator[Block]:
    """Run over the blocks of a sheet with its front.

    Args:
        blocks: The sheet: a line for the name, what is to be done, and the problem.
        chosen: What is chosen.
        code: The QR code, if there is one.
        figures: How many figures each quantity has, for the table of the cover.
    """
    count = sum(isinstance(block, Paragraph) for block in blocks[:2])
    name, facts, problem = blocks[:1], blocks[1:count], blocks[count:]
    images = tuple(filter(None, (chosen.logo, code)))
    if images:
        yield Emblems(images)
    if course := ", ".join(filter(None, (chosen.course, chosen.date))):
        yield paragraph(course)
    if chosen.cover:
        yield from name
        yield from map(paragraph, chosen.introduction)
        yield from facts
        yield _table(figures)
        yield Break("ruled")
    else:
        yield from (*map(paragraph, chosen.introduction), *name, *facts)
    yield from problem


def _table(figures: Mapping[str, int]) -> Table:
    """Return the table of the points, which the teacher fills in."""
    shown = figures if len(figures) <= _ROWS else _together(figures)
    rows = [((name,), (f"{count:,}",), (_REACHED,)) for name, count in shown.items()]
    total = (("Total",), (f"{sum(figures.values()):,}",), (_REACHED,))
    return Table((("Quantity",), ("Figures",), ("Points",)), (*rows, total), "lrr")


def _together(figures: Mapping[str, int]) -> Mapping[str, int]:
    """Count the figures of all outputs, all derivatives and all updated weights."""
    found = Counter[str]()
    for name, count in figures.items():
        kinds = (kind for begin, kind in _KINDS.items() if name.startswith(begin))
        found[next(kinds)] += count
    return found
