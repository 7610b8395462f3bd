"""The PDF writer: by LaTeX where it is installed, else by Typst.

Nothing in the file depends on the day, the machine or the folder it is made in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from symcnn import limits
from symcnn.document.blocks import Block
from symcnn.document.numbering import words
from symcnn.document.pages import latex_text, supervised
from symcnn.document.pages.typst import pages
from symcnn.document.pages.writers import Files
from symcnn.document.pages.writers.tex import article
from symcnn.document.traversal import images_of
from symcnn.errors import SymcnnError
from symcnn.writing.formula import typst

_LATEXMK = ["latexmk", "-norc", "-e", "$max_repeat=8;", "-pdf", "-interaction=nonstopmode"]
_LATEXMK += ["-halt-on-error", "-silent", r"-usepretex=\pdftrailerid{}", "derivation.tex"]
"""Pages are filled in up to seven runs, of which the last one changes nothing."""

_STEADY = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}
_CAREFUL = {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"}
"""LaTeX reads and writes no files but its own; its log is not broken into short lines."""

_TYPST = """
import typst
from pathlib import Path

try:
    typst.compile("derivation.typ", "derivation.pdf", ignore_system_fonts=True)
except typst.TypstError as error:
    Path("derivation.log").write_text(f"! {error}", encoding="utf-8")
    raise SystemExit(1)
"""
"""Typst, which knows no time limit of its own, for a process that has one."""

_MISSING = (
    "a PDF needs latexmk (apt-get install latexmk texlive-latex-recommended texlive-pictures) "
    "or typst (pip install 'symcnn[pdf]')"
)
_ERROR = re.compile(r"^! ([^\n]*)(?:.*?^(l\.\d+ [^\n]*))?", re.MULTILINE | re.DOTALL)


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the pages as a file.

    Raises:
        SymcnnError: If neither latexmk nor typst is installed, or one of them fails.
    """
    return {f"{stem}.pdf": _route(title, blocks)(title, blocks)}


def unprinted(title: str, blocks: Sequence[Block]) -> str:
    """Return the characters that are printed by their code points, as no font has them."""
    if _route(title, blocks) is _by_typst:
        return typst.unprinted(words(title, blocks))
    return latex_text.unprinted(words(title, blocks))


def _route(title: str, blocks: Sequence[Block]) -> Callable[[str, Sequence[Block]], bytes]:
    """Choose LaTeX where it is installed, unless Typst is, and has letters that LaTeX has not."""
    if not (which("latexmk") and which("pdflatex")):
        return _by_typst
    said = words(title, blocks)
    lacking = latex_text.unprinted(said)
    is_better = len(typst.unprinted(said)) < len(lacking) and find_spec("typst") is not None
    return _by_typst if is_better else _by_latex


def _by_latex(title: str, blocks: Sequence[Block]) -> bytes:
    """Run LaTeX in a folder of its own, where it can neither read nor write other files."""
    with _folder() as folder:
        (folder / "derivation.tex").write_text(article(title, blocks), encoding="utf-8")
        _add_images(folder, blocks)
        return _made("latexmk", _LATEXMK, folder)


def _by_typst(title: str, blocks: Sequence[Block]) -> bytes:
    """Run Typst in a process and a folder of its own."""
    if find_spec("typst") is None:
        raise SymcnnError(_MISSING)
    with _folder() as folder:
        (folder / "derivation.typ").write_text(pages(title, blocks), encoding="utf-8")
        _add_images(folder, blocks)
        return _made("typst", [sys.executable, "-P", "-c", _TYPST], folder)


def _add_images(folder: Path, blocks: Sequence[Block]) -> None:
    for name, content in images_of(blocks).items():
        (folder / name).write_bytes(content)


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder to work in, of which no reader has heard: no error names it."""
    try:
        with TemporaryDirectory() as name:
            yield Path(name)
    except OSError as error:
        reason = f"no PDF can be made in the folder for temporary files: {error.strerror}"
        raise SymcnnError(f"{reason}: make room there, or set TMPDIR") from None


def _made(program: str, command: Sequence[str], folder: Path) -> bytes:
    """Return the PDF that a program makes in a folder; without one its log says why."""
    seconds = limits.TYPESETTING_SECONDS
    status = supervised.run(command, folder, seconds, **_STEADY, **_CAREFUL)
    if status is None:
        raise SymcnnError(
            f"{program} was stopped after {seconds} seconds: make the document smaller"
        )
    made = folder / "derivation.pdf"
    if status or not made.exists():
        raise SymcnnError(f"{program} cannot make a PDF of this document: {_complaint(folder)}")
    return made.read_bytes()


def _complaint(folder: Path) -> str:
    """Return the first error of the log that the program left."""
    log = folder / "derivation.log"
    written = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    found = _ERROR.search(written)
    if found is None:
        return "its log does not say why; compile what the format tex writes"
    return " ".join(filter(None, found.groups()))
