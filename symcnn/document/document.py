"""A document: a title and checked blocks, which writers lay out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from symcnn.document.blocks import Block
from symcnn.document.context import Context
from symcnn.document.outline import HEADING_LEVELS, HeadingLevel
from symcnn.document.pages.dialects import JUPYTER, Math
from symcnn.document.pages.writers import Files, md, tex, writer
from symcnn.document.rows.blanks import Worth, blanked
from symcnn.document.rows.points import Points
from symcnn.document.rows.read_back import RowReader
from symcnn.document.rows.verify import Oracle, Progress, verify
from symcnn.document.story.assemble import sections
from symcnn.document.style import Style
from symcnn.errors import SymcnnError, shown

if TYPE_CHECKING:
    from symcnn.document.pages.writers.txt import TextPage


_PREFIX = re.compile(r"[A-Za-z0-9.-]{0,10}")


@dataclass(frozen=True)
class Document:
    """A derivation on paper; every row in it was checked when it was made.

    Attributes:
        title: Its title.
        blocks: What it consists of.
        digits: The significant digits of rounded numbers in it.
        asked_digits: Those that the student's version asks for; by default as many.
        worth: Finds what the student's version earns; by default every box is worth a point.
    """

    title: str
    blocks: tuple[Block, ...]
    digits: int = Style.digits
    asked_digits: int | None = None
    worth: Worth | None = field(default=None, compare=False, repr=False)

    def files(self, format: str, stem: str = "derivation", math: Math = "github") -> Files:
        """Return the files of a format by their names: "tex", "pdf", "html", "md" or "txt".

        Args:
            format: How the files' names end.
            stem: How they begin.
            math: The kind of Markdown: see ``to_markdown``.

        Raises:
            SymcnnError: If there is no such format, or what it needs is not installed.
        """
        if format == "md":
            return md.write(self.title, self.blocks, stem, math)
        return writer(format).write(self.title, self.blocks, stem)

    def unprinted(self, format: str) -> str:
        """Return the characters that a format prints by their code points, such as [U+5377]."""
        found = getattr(writer(format), "unprinted", None)
        return found(self.title, self.blocks) if found else ""

    def with_blanks(self, points: int | Points | None = None) -> Document:
        """Return the student's version: values and chosen formulas are left open.

        Args:
            points: The points that can be earned, if each figure that is asked for earns one, or
                those of every quantity; by default those that the problem states, or one for each
                figure that ``symcnn mark`` marks, in however many boxes it stands.
        """
        given = Points(points) if isinstance(points, int) else points
        worth = self.worth if given is None else lambda _: given
        asked = self.digits if self.asked_digits is None else self.asked_digits
        return replace(self, blocks=tuple(blanked(self.blocks, asked, worth)))

    def to_latex(
        self, *, fragment: bool = False, heading_level: HeadingLevel = "section", prefix: str = "D"
    ) -> str:
        """Return a complete article for pdflatex, or a fragment to paste into one.

        Args:
            fragment: Whether only the body is returned, for an article of your own.
            heading_level: What the sections of a fragment are there: "chapter", "section",
                "subsection" or "subsubsection".
            prefix: The letters that the numbers of theorems and equations in a fragment begin
                with, so that yours are not used twice: Theorem D4, (D3).

        Raises:
            SymcnnError: If there is no such level, or the prefix has more than ten characters
                or others than ASCII letters, digits, full stops and hyphens.
        """
        if not fragment:
            return self._text("tex")
        if heading_level not in HEADING_LEVELS:
            raise SymcnnError(
                f"heading_level is {shown(heading_level)}: give one of {', '.join(HEADING_LEVELS)}"
            )
        if not _PREFIX.fullmatch(prefix):
            raise SymcnnError(
                f"prefix is {shown(prefix)}: give up to 10 ASCII letters, digits, '.' or '-'"
            )
        return tex.fragment(self.title, self.blocks, heading_level, prefix)

    def to_markdown(self, math: Math = "github") -> str:
        """Return Markdown with formulas as a kind of it has them.

        Its pictures are files beside it: ``files("md")`` holds them too.

        Args:
            math: "github" has fenced math blocks, "dollars" formulas between dollar signs, as
                Pandoc, Quarto and Jupyter Book read them, and "myst" the directives of MyST,
                with labels by which the page refers to equations, figures and theorems.

        Raises:
            SymcnnError: If there is no such kind.
        """
        text = self.files("md", math=math)["derivation.md"]
        assert isinstance(text, str)
        return text

    def to_text(self) -> str:
        """Return plain text of 80 columns.

        Raises:
            SymcnnError: If rich is not installed.
        """
        return self._text("txt")

    def to_html(self) -> str:
        """Return one page that needs nothing else: MathML, no script, nothing to fetch."""
        return self._text("html")

    def to_pdf(self) -> bytes:
        """Return the pages as LaTeX sets them.

        Raises:
            SymcnnError: If LaTeX is not installed, or fails.
        """
        pages = self.files("pdf")["derivation.pdf"]
        assert isinstance(pages, bytes)
        return pages

    def __rich__(self) -> TextPage:
        """Return what rich prints on a terminal: ``rich.print(document)``."""
        from symcnn.document.pages.writers.txt import (
            TextPage,  # most documents never meet a terminal
        )

        return TextPage(self.title, self.blocks)

    def __repr__(self) -> str:
        """Name the document; its blocks would fill pages."""
        return f"<Document {self.title!r}>"

    def _repr_html_(self) -> str:
        """Return what Jupyter shows."""
        from symcnn.document.pages.writers import html  # a document that is no output needs none

        return html.body(self.title, self.blocks, html.NOTEBOOK)

    def _repr_markdown_(self) -> str:
        """Return Markdown in which formulas stand as Jupyter finds them."""
        return md.page(self.title, self.blocks, JUPYTER)

    def _repr_latex_(self) -> str:
        """Return what nbconvert puts into its LaTeX and its PDF: text, not only formulas.

        Jupyter itself prefers the page or the Markdown: its MathJax knows no tables.
        """
        return self.to_latex(fragment=True)

    def _text(self, format: str) -> str:
        text = self.files(format)[f"derivation.{format}"]
        assert isinstance(text, str)
        return text


def document(
    context: Context, oracles: Sequence[Oracle], progress: Progress = lambda done, of: None
) -> Document:
    """Write a derivation and check every row of it.

    Args:
        context: The derivation with its numbers.
        oracles: Values of all entries that were found without the derivation: at
            the problem's numbers, and at others.
        progress: Is told how many rows are checked.

    Raises:
        UnverifiedError: If a row does not hold.
    """
    blocks = sections(context)
    verify(blocks, oracles, RowReader(context), progress)
    return Document(context.title, blocks, context.style.digits)
