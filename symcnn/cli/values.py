"""The values of arguments, each checked when it is read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import symcnn
from symcnn import limits
from symcnn.document.outline import SECTIONS
from symcnn.errors import shown

# Found without importing them: they need SymPy, and --help is to be quick.
_WRITERS = Path(symcnn.__file__).parent / "document" / "pages" / "writers"
FORMATS = sorted(path.stem for path in _WRITERS.glob("[!_]*.py"))
SHEET_FORMATS = [*FORMATS, "xlsx"]


def formats(written: str) -> list[str]:
    """Return the formats of a list such as tex,md."""
    return named(written, "format", FORMATS)


def sheet_formats(written: str) -> list[str]:
    """Return the formats of worksheets, which may also be workbooks."""
    return named(written, "format", SHEET_FORMATS)


def sections(written: str) -> list[str]:
    """Return the sections of a list such as forward,weights."""
    return named(written, "section", SECTIONS)


def named(written: str, what: str, known: Sequence[str]) -> list[str]:
    """Return the names of a list, each of which has to be known."""
    names = list(dict.fromkeys(written.split(",")))
    for name in names:
        if name not in known:
            listed = f"{', '.join(known[:-1])} and {known[-1]}"
            raise argparse.ArgumentTypeError(f"{name[:20]!r} is no {what}: {listed} are available")
    return names


def folder_path(written: str) -> Path:
    """Refuse what looks like a file: a folder of that name is not what was meant."""
    folder = Path(written)
    if folder.suffix[1:].lower() in FORMATS and not folder.is_dir():
        raise argparse.ArgumentTypeError(
            f"{shown(written)} looks like a file: give a folder to -o, and add "
            f"--format {folder.suffix[1:]}"
        )
    return folder


def letter(written: str) -> tuple[str, str]:
    """Return the tensor and the letter of conv1.weight=K."""
    name, found, chosen = written.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is not of the form TENSOR=LETTER")
    return name.strip(), chosen.strip()


def digits(written: str) -> int:
    """Return a number of significant digits."""
    if not (written.isascii() and written.isdecimal() and 1 <= int(written[:3]) <= limits.DIGITS):
        raise argparse.ArgumentTypeError(
            f"{written[:20]!r} is not a whole number from 1 to {limits.DIGITS}"
        )
    return int(written)


def pair(written: str) -> tuple[str, str]:
    """Return the two tensors of conv1.weight,dense1.weight."""
    first, found, second = (part.strip() for part in written.partition(","))
    if not (first and found and second):
        raise argparse.ArgumentTypeError(f"{written[:20]!r} is not of the form W,V")
    return first, second


def names(written: str) -> list[str]:
    """Return the names of a list such as conv1,loss; which there are, the problem knows."""
    return [name.strip() for name in written.split(",") if name.strip()]


def points(written: str) -> tuple[str, float]:
    """Return the quantity and the points of loss=2."""
    name, found, number = written.rpartition("=")
    try:
        return name.strip(), float(number if found and name.strip() else "none")
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{written[:20]!r} is not of the form QUANTITY=NUMBER"
        ) from None
