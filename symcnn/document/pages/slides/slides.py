"""A document as slides, in the formats that slides have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from shutil import which

from symcnn.document.blocks import Block
from symcnn.document.pages.slides.beamer import deck
from symcnn.document.pages.slides.page import page
from symcnn.document.pages.typesetting import by_latex
from symcnn.document.pages.writers import Files
from symcnn.errors import SymcnnError, check_choice

FORMATS = ("tex", "html", "pdf")
"""The formats of slides."""


@dataclass(frozen=True)
class Slides:
    """A document frame by frame, in its own order, uncovered step by step."""

    title: str
    blocks: tuple[Block, ...]

    def to_latex(self) -> str:
        """Return a deck of beamer for pdflatex, 16 wide and 9 high."""
        return deck(self.title, self.blocks)

    def to_html(self) -> str:
        """Return one page that needs nothing else; the arrow keys step through it."""
        return page(self.title, self.blocks)

    def to_pdf(self) -> bytes:
        """Return the deck as LaTeX sets it.

        Raises:
            SymcnnError: If LaTeX is not installed, or fails.
        """
        if not (which("latexmk") and which("pdflatex")):
            raise SymcnnError(
                "slides in PDF need latexmk and beamer (apt-get install latexmk "
                "texlive-latex-recommended texlive-pictures): write html, or install them"
            )
        return by_latex(self.to_latex(), {})

    def files(self, format: str, stem: str = "slides") -> Files:
        """Return the file of a format by its name: "tex", "html" or "pdf".

        Args:
            format: How the file's name ends.
            stem: How it begins.

        Raises:
            SymcnnError: If slides have no such format, or what it needs is not installed.
        """
        check_choice("format", format, FORMATS, f"one of {', '.join(FORMATS)}")
        makers: Mapping[str, Callable[[], str | bytes]] = {
            "tex": self.to_latex,
            "html": self.to_html,
            "pdf": self.to_pdf,
        }
        return {f"{stem}.{format}": makers[format]()}

    def __repr__(self) -> str:
        """Name the document; its frames would fill pages."""
        return f"<Slides {self.title!r}>"
