"""The PDF writer: LaTeX's pages.

Nothing in the file depends on the day, the machine or the folder it is made in.
"""

from __future__ import annotations

from collections.abc import Sequence
from shutil import which

from symcnn.document.blocks import Block
from symcnn.document.pages.typesetting import by_latex
from symcnn.document.pages.writers import Files
from symcnn.document.pages.writers.tex import article
from symcnn.document.pages.writers.tex import unprinted as unprinted
from symcnn.errors import SymcnnError

_MISSING = (
    "a PDF needs latexmk (apt-get install latexmk texlive-latex-recommended texlive-pictures): "
    "without it, write html and print the page"
)


def write(title: str, blocks: Sequence[Block], stem: str) -> Files:
    """Return the pages as a file.

    LaTeX runs in a folder of its own, where it can neither read nor write other files.

    Raises:
        SymcnnError: If latexmk is not installed, or fails.
    """
    if not (which("latexmk") and which("pdflatex")):
        raise SymcnnError(_MISSING)
    return {f"{stem}.pdf": by_latex(article(title, blocks))}
