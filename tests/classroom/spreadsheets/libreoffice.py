"""LibreOffice as an independent evaluator of workbooks."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="needs LibreOffice's soffice"
)

_AT_ONCE = 100
"""The files that one call converts; of more, LibreOffice leaves some out."""

_RESULT = re.compile(rb"(</f>)<v>[^<]*</v>")


def without_results(workbook: bytes, file: Path) -> int:
    """Write a workbook whose formulas have no results, and return how many there were."""
    count = 0
    file.write_bytes(workbook)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kept, removed = _RESULT.subn(rb"\1", content)
            archive.writestr(name, kept)
            count += removed
    return count


def recalculated(files: list[Path], folder: Path) -> dict[Path, dict[str, float]]:
    """Let LibreOffice compute workbooks, and return the values of their named cells."""
    for some in (files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE)):
        command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'user').as_uri()}"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
        subprocess.run([*command, *map(str, some)], capture_output=True, timeout=300, check=True)
    return {file: dict(named(folder / file.name)) for file in files}


def named(file: Path) -> Iterator[tuple[str, float]]:
    """Run over the named cells of a workbook, and what was saved in them."""
    book = openpyxl.load_workbook(file, data_only=True)
    for name, defined in book.defined_names.items():
        ((sheet, cell),) = defined.destinations
        yield name, book[sheet][cell].value
