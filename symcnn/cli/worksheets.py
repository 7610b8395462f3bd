"""``symcnn worksheet``: sheets, keys, problem files and questions, all of them or none."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from shutil import which

from symcnn.classroom.marking.asked import UPDATED
from symcnn.classroom.worksheets import Worksheet, worksheet
from symcnn.classroom.worksheets.demands import Named
from symcnn.classroom.worksheets.folder import KEYS
from symcnn.cli.files import folder_made, replace
from symcnn.cli.lines import bar
from symcnn.cli.markdown import math_of
from symcnn.cli.options import given
from symcnn.derivation.statement import GRADIENT
from symcnn.document.words.words import counted
from symcnn.errors import SymcnnError


def run(arguments: Namespace) -> None:
    """Write the files of a worksheet, and say which mistakes they do not tell apart."""
    folder: Path = arguments.folder
    math = math_of(arguments)
    if not arguments.overwrite:
        _check_new(folder, [KEYS])
    with bar("finding numbers") as found:
        names = ("variants", "seed", "level", "digits", "index_base", "decimal")
        made = worksheet(arguments.network, callback=found, **given(arguments, *names))
    with bar("writing sheets") as written:
        formats = tuple(arguments.formats or _usual_formats())
        files = made.files(formats, written, math)
    if not arguments.overwrite:
        _check_new(folder, files)
    folder_made(folder)
    replace({folder / name: content for name, content in files.items()})
    print(_written(made, folder, len(files)))
    for line in sorted(map(_same, made.alike)):
        print(f"note: {line}")


def _usual_formats() -> list[str]:
    """Return LaTeX with its pages, or a page of HTML where no pages can be made."""
    return ["tex", "pdf"] if which("latexmk") else ["html"]


def _check_new(folder: Path, names: Iterable[str]) -> None:
    """Refuse to write over files that are there."""
    for name in names:
        if os.path.lexists(folder / name):
            raise SymcnnError(
                f"{folder / name} already exists: choose another folder with -o, or add --overwrite"
            )


def _written(made: Worksheet, folder: Path, files: int) -> str:
    return (
        f"wrote {counted(files, 'file')} to {folder}: {counted(len(made.variants), 'variant')} of "
        f"{counted(len(made.variants[0].figures), 'figure')}"
    )


def _same(named: Named) -> str:
    """Say of two mistakes that figures do not tell them apart."""
    quantity, one, other = named
    where = f"the {quantity}" if quantity.startswith((GRADIENT, UPDATED)) else quantity
    if not one:
        return f"in {where}, the mistake {other!r} gives the right figures and cannot be noticed"
    return f"in {where}, the mistakes {one!r} and {other!r} give the same figures"
