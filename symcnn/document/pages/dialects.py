"""Kinds of Markdown: how each has formulas, pictures and what stands apart.

github    $`x`$ and ```math, as GitHub shows them
dollars   $x$ and $$x$$, as Pandoc, Quarto and Jupyter Book read them
myst      the roles and directives of MyST, with labels by which a page refers to them
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from symcnn.document.blocks import Diagram, Note, Reference
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.drawing.svg import standalone

Math = Literal["github", "dollars", "myst"]
"""The kinds of Markdown, by how they have formulas."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_MORE = re.compile(r"([\\`*_{}\[\]<>#|~$&!@^])")
_FIRST = re.compile(r"^(?=[+:%=-])")
"""What means something at the beginning of a paragraph."""

_FENCE = re.compile(r"`{3,}")


def inside(picture: Picture) -> str:
    """Return an address that holds the picture itself."""
    return f"data:image/svg+xml;base64,{b64encode(standalone(picture).encode()).decode()}"


@dataclass(frozen=True)
class Dialect:
    """A kind of Markdown.

    Attributes:
        inline: A formula in a sentence.
        display: Formulas set apart.
        address: Where the page finds a picture, in their order; by default in the page itself.
        quotes: Whether formulas set apart can stand in a quotation.
        special: The signs that have to be escaped.
    """

    inline: str = "$`{}`$"
    display: str = "```math\n{}\n```"
    address: Callable[[Picture], str] = inside
    quotes: bool = True
    special: re.Pattern[str] = _SPECIAL

    counts = False
    """Whether the page counts equations itself."""

    def escaped(self, text: str) -> str:
        """Return text in which Markdown and HTML see no markup."""
        line = " ".join(text.split()) if "\n" in text else text
        return self.special.sub(r"\\\g<0>", line)

    def displayed(self, latex: str, number: str = "") -> str:
        """Return formulas set apart, which may have a number."""
        return self.display.format(latex)

    def paragraph(self, text: str, work: str) -> str:
        """Return sentences, which may name a work to which others refer by its number."""
        return text if self.special is _SPECIAL else _FIRST.sub(r"\\", text)

    def reference(self, place: Reference) -> str:
        """Return what refers to a place."""
        return self.escaped(place.words)

    def figure(self, block: Diagram, caption: str) -> str:
        """Return a picture with its caption."""
        image = f"![{self.escaped(block.picture.alt)}]({self.address(block.picture)})"
        title = f"**{block.title}** " if block.number else ""
        return f"{image}\n\n{title}{caption}" if caption else image

    def note(self, block: Note, title: str, inside: str) -> str:
        """Return what stands apart under a title."""
        whole = f"**{title}.**\n\n{inside}"
        quoted = "\n".join(f"> {line}".rstrip() for line in whole.split("\n"))
        return quoted if self.quotes else whole


@dataclass(frozen=True)
class Myst(Dialect):
    """MyST, as Sphinx reads it without any extension.

    Attributes:
        labels: What all labels begin with.
    """

    labels: str = ""

    counts = True

    def displayed(self, latex: str, number: str = "") -> str:
        """Return a directive, with a label where it has a number."""
        label = f":label: {self._label(Reference(number, 'equation'))}\n\n" if number else ""
        return f"```{{math}}\n{label}{latex}\n```"

    def paragraph(self, text: str, work: str) -> str:
        """Put the label of a work in front of it."""
        label = f"({self._label(Reference(work, 'work'))})=\n" if work else ""
        return label + super().paragraph(text, work)

    def reference(self, place: Reference) -> str:
        """Return the number of an equation, or a link."""
        if place.kind == "equation":
            return f"{{eq}}`{self._label(place)}`"
        return f"[{self.escaped(place.words)}](#{self._label(place)})"

    def figure(self, block: Diagram, caption: str) -> str:
        """Return a directive."""
        name = f":name: {self._label(block.reference)}\n" if block.number else ""
        title = f"**{block.title}** " if block.number else ""
        said = f"\n{title}{caption}\n" if caption else ""
        alt = " ".join(block.picture.alt.split())
        return f"```{{figure}} {self.address(block.picture)}\n{name}:alt: {alt}\n{said}```"

    def note(self, block: Note, title: str, inside: str) -> str:
        """Return a directive, whose fence is longer than those within."""
        fence = "`" * (max((len(f) for f in _FENCE.findall(inside)), default=2) + 1)
        place = Reference(block.theorem) if block.theorem else None
        name = f":name: {self._label(place)}\n" if place else ""
        return f"{fence}{{admonition}} {title}\n{name}:class: note\n\n{inside}\n{fence}"

    def _label(self, place: Reference) -> str:
        return f"{self.labels}-{place.target}"


GITHUB = Dialect()
JUPYTER = Dialect("${}$", "$$\n{}\n$$", quotes=False)
DOLLARS = replace(JUPYTER, quotes=True, special=_MORE)

DIALECTS: Mapping[Math, Callable[[str, Callable[[Picture], str]], Dialect]] = {
    "github": lambda labels, address: replace(GITHUB, address=address),
    "dollars": lambda labels, address: replace(DOLLARS, address=address),
    "myst": lambda labels, address: Myst(
        "{{math}}`{}`", address=address, special=_MORE, labels=labels
    ),
}
"""The dialect of a page, by what its labels begin with and where its pictures are."""
