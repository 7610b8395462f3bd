"""What a document has said: a theorem is stated once, a reason is given in full once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from symcnn.document.blocks import Reference, Text


@dataclass
class Mentioned:
    """What was said so far, on the way through a document.

    Attributes:
        theorems: The theorems' numbers.
        defined: What a symbol was last defined as, and in which theorem.
        stated: Each theorem as it was first stated, by its number.
        said: Everything else.
        works: The numbers of the works that the document lists.
    """

    theorems: dict[Hashable, str] = field(default_factory=dict)
    defined: dict[Hashable, tuple[Hashable, str]] = field(default_factory=dict)
    stated: dict[str, Any] = field(default_factory=dict)
    said: set[Hashable] = field(default_factory=set)
    works: Mapping[str, str] = field(default_factory=dict)

    def first(self, what: Hashable) -> bool:
        """Tell whether this is said for the first time; from then on it is not."""
        new = what not in self.said
        self.said.add(what)
        return new

    def new(self, every: Iterable[Any]) -> list[Any]:
        """Return what of all this is said for the first time."""
        return [what for what in every if self.first(what)]

    def cited(self, work: str) -> Text:
        """Refer to a work for the first time; say nothing where the document does not list it."""
        number = self.works.get(work)
        if number is None or not self.first(("cited", work)):
            return ()
        return "See ", Reference(number, "work"), "."

    def number(self, what: Hashable) -> tuple[str, bool]:
        """Return the number of a theorem, and whether it has yet to be stated."""
        new = what not in self.theorems
        return self.theorems.setdefault(what, str(len(self.theorems) + 1)), new

    def called(self, title: str) -> int:
        """Return how many theorems have a name."""
        names = (what[0] for what in self.theorems if isinstance(what, tuple))
        return sum(name == title for name in names)

    def define(self, symbol: Hashable, meaning: Hashable, number: str) -> str | None:
        """Return the theorem that gave a symbol this meaning; None if it has yet to be said."""
        known, where = self.defined.get(symbol, (None, number))
        if known == meaning:
            return where
        self.defined[symbol] = meaning, number
        return None
