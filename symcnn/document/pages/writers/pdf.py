"""The PDF writer: by LaTeX where it is installed, else by Typst.

Nothing in the file depends on the day, the machine or the folder it is made in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from shutil import which

from symcnn.document.blocks import Block
from symcnn.document.numbering import words
from symcnn.document.pages import latex_text
from symcnn.document.pages.typesetting import by_latex, by_typst
from symcnn.document.pages.typst import pages
from symcnn.document.pages.writers import Files
from symcnn.document.pages.writers.tex import article
from symcnn.document.traversal import images_of
from symcnn.errors import SymcnnError
from symcnn.writing.formula import typst

_MISSING = (
    "a PDF needs latexmk (apt-get install latexmk texlive-latex-recommended texlive-pictures) "
    "or typst (pip install 'symcnn[pdf]')"
)


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
    return by_latex(article(title, blocks), images_of(blocks))


def _by_typst(title: str, blocks: Sequence[Block]) -> bytes:
    """Run Typst in a process and a folder of its own."""
    if find_spec("typst") is None:
        raise SymcnnError(_MISSING)
    return by_typst(pages(title, blocks), images_of(blocks))
