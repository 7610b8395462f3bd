"""The folder of a worksheet: its variants as problem files, their sheets, and the table of keys.

One variant is worked out while the pages of others are typeset.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, as_completed
from io import StringIO
from pathlib import Path

from symcnn.classroom.marking.formats.csv import meant
from symcnn.document.pages.together import Together, made
from symcnn.document.pages.writers import Files
from symcnn.errors import SymcnnError, located
from symcnn.limits.files import text_of
from symcnn.problems import Problem, load

KEYS = "keys.csv"
"""The table of the keys: a row for each variant, a column for each figure."""

_VARIANT = re.compile(r"variant-0*([1-9][0-9]*)\.toml")


def variant_file(number: str) -> str:
    """Return the name of a variant's problem file."""
    return f"variant-{number}.toml"


def variants_in(folder: Path) -> dict[str, Problem]:
    """Return the problems of a worksheet by their numbers.

    Raises:
        SymcnnError: If there are none, or a file of theirs is damaged.
    """
    found = {m[1]: path for path in folder.iterdir() if (m := _VARIANT.fullmatch(path.name))}
    if not found:
        raise SymcnnError(
            f"{folder} has no variant-1.toml: name a problem file, or the folder of a worksheet"
        )
    return {number: load(found[number]) for number in sorted(found, key=int)}


def variant_number(path: Path) -> str:
    """Return the number of a variant by the name of its problem file; "" for another file."""
    found = _VARIANT.fullmatch(path.name)
    return found[1] if found else ""


def is_variant(path: Path) -> bool:
    """Tell whether a problem file is that of a variant, beside the keys of its worksheet."""
    return bool(variant_number(path)) and path.with_name(KEYS).is_file()


def asked_in(folder: Path) -> list[str]:
    """Return the quantities that a worksheet asks for: those that its keys have.

    Raises:
        SymcnnError: If there is no table of keys.
    """
    with located(folder / KEYS):
        try:
            header = next(csv.reader(StringIO(text_of(folder / KEYS), newline="")), [])
        except csv.Error as error:
            remedy = "take the table that symcnn wrote"
            raise SymcnnError(f"this is not valid CSV: {error}: {remedy}") from None
    return [*dict.fromkeys(meant(name).partition("[")[0] for name in header[1:])]


Callback = Callable[[int, int], None]
"""Takes how many are done, and how many there are."""

Part = Callable[[], Files]
"""Makes some files."""

TYPESET = ("pdf",)
"""The formats that another program makes."""


def made_together(
    variants: Sequence[Callable[[], Iterable[tuple[str, Part]]]], callback: Callback | None = None
) -> Files:
    """Make the files of variants.

    Args:
        variants: For each of them what makes its files, with their formats.
        callback: Called with the number of variants whose files are made, and that of all.

    Raises:
        SymcnnError: If a file cannot be made; nothing more is made then.
    """
    pending = list[list[Future[Files]]]()
    with Together() as soon:
        for variant in variants:
            parts = [
                soon(make) if format in TYPESET else made(make()) for format, make in variant()
            ]
            pending.append(parts)
            _tell(callback, pending, len(variants))
        for _ in as_completed(part for parts in pending for part in parts):
            _tell(callback, pending, len(variants))
    return {
        name: content
        for parts in pending
        for part in parts
        for name, content in part.result().items()
    }


def _tell(callback: Callback | None, pending: Sequence[Sequence[Future[Files]]], of: int) -> None:
    """Say how many variants are done; raise what has failed."""
    for part in (part for parts in pending for part in parts if part.done()):
        part.result()
    if callback is not None:
        callback(sum(all(part.done() for part in parts) for parts in pending), of)
