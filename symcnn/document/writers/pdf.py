"""The PDF writer: by LaTeX where it is installed, else by Typst.

Nothing in the file depends on the day, the machine or the folder it is made in.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from symcnn.document.blocks import Block
from symcnn.document.typst import pages
from symcnn.document.writers import Files
from symcnn.document.writers.tex import article
from symcnn.errors import SymcnnError

_LATEXMK = ["latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-halt-on-error"]
_LATEXMK += ["-silent", r"-usepretex=\pdftrailerid{}", "derivation.tex"]
_STEADY = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}
_CAREFUL = {"openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"}
"""LaTeX reads and writes no files but its own; its log is not broken into short lines."""

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
    by_latex = which("latexmk") and which("pdflatex")
    return {f"{stem}.pdf": (_by_latex if by_latex else _by_typst)(title, blocks)}


def _by_latex(title: str, blocks: Sequence[Block]) -> bytes:
    """Run LaTeX in a folder of its own, where it can neither read nor write other files."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "derivation.tex").write_text(article(title, blocks), encoding="utf-8")
        run = subprocess.run(
            _LATEXMK, cwd=folder, env=os.environ | _STEADY | _CAREFUL, capture_output=True
        )
        made = folder / "derivation.pdf"
        if run.returncode or not made.exists():
            raise SymcnnError(f"latexmk makes no PDF of this document: {_complaint(folder)}")
        return made.read_bytes()


def _complaint(folder: Path) -> str:
    """Return the first error of LaTeX's log."""
    log = folder / "derivation.log"
    written = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    found = _ERROR.search(written)
    if found is None:
        return "its log does not say why; compile what the format tex writes"
    return " ".join(filter(None, found.groups()))


def _by_typst(title: str, blocks: Sequence[Block]) -> bytes:
    try:
        import typst
    except ImportError:
        raise SymcnnError(_MISSING) from None
    try:
        made = typst.compile(pages(title, blocks).encode(), format="pdf", ignore_system_fonts=True)
    except typst.TypstError as error:
        raise SymcnnError(f"typst makes no PDF of this document: {error}") from None
    assert isinstance(made, bytes)
    return made
