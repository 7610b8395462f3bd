"""What a teacher chooses for the front of sheets, checked before anything is computed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symcnn import limits
from symcnn.classroom.worksheets.front.logo import logo_of
from symcnn.document.inline import Image
from symcnn.errors import SymcnnError, TooLargeError, located, shown
from symcnn.limits import sheets
from symcnn.limits.files import text_of

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
    *,
    course: str = "",
    date: Any = "",
    introduction: str | Path = "",
    logo: str | Path | None = None,
    cover: bool = False,
    qr: bool = False,
    formulas: bool = True,
    hints: bool = False,
) -> Front:
    """Return what is chosen for the front of sheets.

    Args:
        course: The name of the course.
        date: The date, in words, or a ``datetime.date``.
        introduction: Plain paragraphs, or the name of a file of them that ends with .md or .txt.
        logo: The name of a file in PNG or PDF.
        cover: Whether there is a cover page.
        qr: Whether there is a QR code.
        formulas: Whether formulas and explanations are given.
        hints: Whether there are hints.

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
