"""Programs that make pages: LaTeX and Poppler, each in a folder of its own.

LaTeX reads and writes no files but its own; nothing that is made depends on the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from symcnn import limits
from symcnn.document.pages import supervised
from symcnn.errors import SymcnnError

_LATEXMK = ["latexmk", "-norc", "-pdf", "-interaction=nonstopmode"]
_LATEXMK += ["-halt-on-error", "-silent", r"-usepretex=\pdftrailerid{}", "derivation.tex"]
_STEADY = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}
_CAREFUL = {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"}
"""LaTeX reads and writes no files but its own; its log is not broken into short lines."""

_ERROR = re.compile(r"^! ([^\n]*)(?:.*?^(l\.\d+ [^\n]*))?", re.MULTILINE | re.DOTALL)
_DPI = 200


def by_latex(source: str, *, png: bool = False) -> bytes:
    """Return the PDF of a file of LaTeX, or its first page as a PNG.

    Raises:
        SymcnnError: If a program fails; it says what the log says.
    """
    with _folder() as folder:
        (folder / "derivation.tex").write_text(source, encoding="utf-8")
        made = _made("latexmk", _LATEXMK, folder, "pdf")
        if not png:
            return made
        command = ["pdftoppm", "-png", "-singlefile", "-r", str(_DPI), "derivation.pdf"]
        return _made("pdftoppm", [*command, "derivation"], folder, "png")


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder to work in, of which no reader has heard: no error names it."""
    try:
        with TemporaryDirectory() as name:
            yield Path(name)
    except OSError as error:
        reason = f"no PDF can be made in the folder for temporary files: {error.strerror}"
        raise SymcnnError(f"{reason}: make room there, or set TMPDIR") from None


def _made(program: str, command: Sequence[str], folder: Path, ending: str) -> bytes:
    """Return the file that a program makes in a folder; without one its log says why."""
    seconds = limits.TYPESETTING_SECONDS
    status = supervised.run(command, folder, seconds, **_STEADY, **_CAREFUL)
    if status is None:
        raise SymcnnError(
            f"{program} was stopped after {seconds} seconds: make the document smaller"
        )
    made = folder / f"derivation.{ending}"
    if status or not made.exists():
        kind = ending.upper()
        raise SymcnnError(f"{program} cannot make a {kind} of this document: {_complaint(folder)}")
    return made.read_bytes()


def _complaint(folder: Path) -> str:
    """Return the first error of the log that the program left."""
    log = folder / "derivation.log"
    written = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    found = _ERROR.search(written)
    if found is None:
        return "its log does not say why; compile what the format tex writes"
    return " ".join(filter(None, found.groups()))
