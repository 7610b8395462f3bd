"""What sentences are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symcnn.writing.formula import Formula


@dataclass(frozen=True)
class Inline:
    """A formula inside a sentence."""

    formula: Formula


@dataclass(frozen=True)
class Reference:
    """A theorem, an equation, a figure or a work that a sentence refers to, by its number."""

    number: str
    kind: Literal["theorem", "equation", "figure", "work"] = "theorem"

    @property
    def words(self) -> str:
        """Theorem 4, Figure 4, (4) for an equation, or [4] for a work."""
        named = {"theorem": "Theorem {}", "equation": "({})", "figure": "Figure {}", "work": "[{}]"}
        return named[self.kind].format(self.number)

    @property
    def target(self) -> str:
        """The name of the place that a link leads to."""
        return f"{self.kind}-{self.number}"


@dataclass(frozen=True)
class Address:
    """A web address, which is a link in formats that have links."""

    url: str


@dataclass(frozen=True)
class Citation:
    """Words about an equation or a figure, left out where the document does not number it.

    Attributes:
        label: What the equation or the figure is called.
        words: The words, with a gap for its number.
    """

    label: str
    words: str


Part = str | Inline | Reference | Citation | Address
Text = tuple[Part, ...]
"""A sentence: words, formulas and references in turn."""
