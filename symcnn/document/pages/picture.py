"""A picture as a file of its own: SVG, TikZ, PDF and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from shutil import which

from symcnn.document.pages.latex_text import OGONEK, escaped
from symcnn.document.pages.typesetting import by_latex
from symcnn.errors import SymcnnError, check_choice
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.svg import standalone
from symcnn.writing.drawing.tikz import tikz

FORMATS = {"svg": "svg", "tikz": "tex", "pdf": "pdf", "png": "png"}
"""The ending of the file of each format."""

_PAGE = r"""\documentclass[11pt]{{article}}
\usepackage{{amsmath}}
{letters}\usepackage{{tikz}}
\begin{{document}}
\setbox0\hbox{{%
{picture}}}
\pdfpagewidth\wd0 \pdfpageheight\dimexpr\ht0+\dp0\relax
\hoffset-1in \voffset-1in
\shipout\box0
\end{{document}}
"""
"""A page that is as large as the picture on it."""


@dataclass(frozen=True)
class Figure:
    """A picture by itself.

    Attributes:
        picture: What is drawn.
        title: What it is called.
    """

    picture: Picture
    title: str = ""

    def to_svg(self) -> str:
        """Return a file of SVG, whose colours follow those of the page."""
        return standalone(self.picture)

    def to_tikz(self) -> str:
        r"""Return a tikzpicture to be included in LaTeX; it needs \usepackage{tikz, amsmath}."""
        return tikz(self.picture, escaped) + "\n"

    def to_pdf(self) -> bytes:
        """Return a page that is as large as the picture.

        Raises:
            SymcnnError: If LaTeX is not installed, or fails.
        """
        return self._typeset("latexmk", "pdflatex", png=False)

    def to_png(self) -> bytes:
        """Return the picture in 200 dots per inch.

        Raises:
            SymcnnError: If LaTeX or Poppler is not installed, or fails.
        """
        return self._typeset("latexmk", "pdflatex", "pdftoppm", png=True)

    def file(self, format: str) -> str | bytes:
        """Return the file of a format.

        Raises:
            SymcnnError: If there is no such format, or what makes it is not installed.
        """
        check_choice("format", format, FORMATS, ", ".join(FORMATS))
        made: str | bytes = getattr(self, f"to_{format}")()
        return made

    def __repr__(self) -> str:
        """Name the picture; its shapes would fill pages."""
        return f"<Figure {self.title!r}>"

    def _repr_svg_(self) -> str:
        """Return what Jupyter shows."""
        return self.to_svg()

    def _typeset(self, *programs: str, png: bool) -> bytes:
        if not all(map(which, programs)):
            needed = " and ".join(["LaTeX", *["pdftoppm"] * png])
            raise SymcnnError(
                f"a {'PNG' if png else 'PDF'} needs {needed} (apt-get install latexmk "
                "texlive-latex-recommended texlive-pictures poppler-utils): without, write svg"
            )
        drawn = tikz(self.picture, escaped)
        letters = OGONEK if r"\k{" in drawn else ""
        return by_latex(_PAGE.format(letters=letters, picture=drawn), png=png)
