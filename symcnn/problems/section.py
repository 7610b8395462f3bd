"""A table of a problem file that knows where it stands, so that errors can say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from symcnn.equations.values import known
from symcnn.errors import Mistakes, SymcnnError, shown
from symcnn.problems.catalog import Kind
from symcnn.problems.reading import Reader


@dataclass(frozen=True)
class Section:
    """One table.

    Attributes:
        place: Where it stands, e.g. "layers[0] (conv2d)"; empty for the whole file.
        content: Its keys and values.
    """

    place: str
    content: Mapping[str, Any]

    def where(self, key: str) -> str:
        """Return the place of one key."""
        return f"{self.place} {key}".lstrip()

    def fault(self, text: str) -> SymcnnError:
        """Return an error that names the section."""
        return SymcnnError(f"{self.place}: {text}" if self.place else text)

    def required(self, key: str, remedy: str) -> Any:
        """Return the value of a key; its absence is an error with the remedy."""
        if key not in self.content:
            raise self.fault(f"the key {key!r} is missing: {remedy}")
        return self.content[key]

    def read(self, key: str, reader: Reader) -> Any:
        """Return the value of a key as a reader takes it; None where it is absent."""
        return reader(self.content[key], self.where(key)) if key in self.content else None

    def only(self, keys: Iterable[str]) -> None:
        """Refuse every other key."""
        keys, mistakes = list(keys), Mistakes()
        for key in self.content:
            with mistakes.collected():
                if key not in keys:
                    raise self.fault(f"the key {unknown(key, keys)}")
        mistakes.end()

    def subsection(self, key: str) -> Section:
        """Return the table under a key; an absent one is empty."""
        return table(self.where(key), self.content.get(key, {}), f"[{key}]")

    def kind(self, kinds: Mapping[str, Kind]) -> tuple[Section, Kind]:
        """Return what the key ``type`` stands for, and the section with its name."""
        names = sorted(kinds, key=lambda name: not kinds[name].numbers)  # first what learns
        name = self.required("type", known("", names))
        if not isinstance(name, str) or name not in kinds:
            raise self.fault(f"the type {unknown(name, names)}")
        return Section(f"{self.place} ({name})", self.content), kinds[name]


def table(place: str, value: Any, header: str) -> Section:
    """Return a value as a section; anything but a table is an error."""
    if not isinstance(value, dict):
        raise SymcnnError(f"{place} is {shown(value)}: give a table, {header}")
    return Section(place, value)


def unknown(name: Any, names: list[str]) -> str:
    """Say that a name is not known, and which ones are."""
    return f"{shown(name)} is unknown: {known(str(name)[:60], names)}"
