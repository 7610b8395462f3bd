"""From a problem to a page whose numbers can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from symcnn.classroom.interactive.page import page
from symcnn.document.outline import Detail
from symcnn.document.style import Style
from symcnn.problems import Problem, check_problem
from symcnn.writing.printing.manner import DecimalMark


@dataclass(frozen=True)
class Page:
    """A page whose numbers can be changed; Jupyter shows it where the notebook is trusted.

    Attributes:
        title: Its title.
        html: The whole page, which needs nothing else.
    """

    title: str
    html: str

    def __repr__(self) -> str:
        """Name the page."""
        return f"<Page {self.title!r}>"

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, from which nothing reaches the notebook."""
        style = "width:100%;height:640px;border:1px solid #888"
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" title="{escape(self.title)}" '
            f'style="{style}" srcdoc="{escape(self.html)}"></iframe>'
        )


def interactive_page(
    problem: Problem,
    *,
    detail: Detail = "standard",
    sections: Sequence[str] = (),
    digits: int = 6,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    letters: Mapping[str, str] | None = None,
) -> Page:
    """Return the derivation as a page on which every given number can be changed.

    All figures, winners and relations follow; where another entry of a window wins, the page
    shows what was derived and checked for such numbers. Options are those of ``explain``.

    Args:
        problem: The network with its numbers.
        detail: The level of detail: "brief", "standard" or "full".
        sections: The sections to write; by default all of them.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis: 1, or 0 as in Python.
        decimal: The decimal mark of numbers, a point or a comma.
        letters: Letters of tensors in formulas, by name: {"conv1.weight": "K"}.

    Raises:
        TooLargeError: If the network is too large for a script that writes every entry out.
        SymcnnError: If an option is invalid.
    """
    check_problem(problem)
    style = Style(digits, index_base, decimal, detail or Style.detail, tuple(sections))
    named = problem.with_letters(letters) if letters else problem
    return Page(named.title, page(named, style))
