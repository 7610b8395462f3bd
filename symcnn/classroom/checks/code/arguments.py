"""The arguments of a function: from where each is taken, in the order of its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symcnn.classroom.checks.code.sources import (
    Given,
    OfAllSettings,
    OfArray,
    OfCache,
    OfParameters,
    OfSetting,
    OfSize,
    Source,
)
from symcnn.classroom.checks.code.vocabulary import array_called, is_bundle, setting_called
from symcnn.errors import SymcnnError

Names = str | Sequence[str] | Mapping[str, str] | None
"""Names in order, as a list or as a text with commas; or what each of the function's means."""


@dataclass(frozen=True)
class Arguments:
    """What a function is given, by position and by keyword.

    Attributes:
        positional: The sources of the arguments by position.
        keywords: The sources of the arguments by keyword.
        all_settings: Whether every setting is a keyword argument: there is ``**settings``.
    """

    positional: tuple[Source, ...]
    keywords: Mapping[str, Source]
    all_settings: bool = False

    def values(self, given: Given) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of one call."""
        named = {word: source.value(given) for word, source in self.keywords.items()}
        rest = given.settings if self.all_settings else {}
        return [source.value(given) for source in self.positional], {**rest, **named}

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, those by position first."""
        return (*self.positional, *self.keywords.values())

    @property
    def arrays(self) -> tuple[str, ...]:
        """The names of the arrays that the function is given."""
        single = [source.name for source in self.sources if isinstance(source, OfArray)]
        bundles = [source.names for source in self.sources if isinstance(source, OfParameters)]
        return (*single, *(name for names in bundles for name in names))

    def taken(self, settings: Sequence[str]) -> tuple[str, ...]:
        """Return which of the settings the function is given."""
        if self.all_settings or any(isinstance(s, OfAllSettings) for s in self.sources):
            return tuple(settings)
        own = {source.name for source in self.sources if isinstance(source, OfSetting)}
        return tuple(name for name in settings if name in own)


def listed(names: Names) -> tuple[str, ...] | None:
    """Return names that a user gave as a list, or as a text with commas or spaces.

    >>> listed("dout, x, w"), listed(["x", "b"])
    (('dout', 'x', 'w'), ('x', 'b'))
    """
    if names is None:
        return None
    return tuple(names.replace(",", " ").split()) if isinstance(names, str) else tuple(names)


def named(names: Names, arrays: Sequence[str], settings: Sequence[str]) -> dict[str, Source] | None:
    """Return what parameters mean, where a user says it by their names; None where not.

    Raises:
        SymcnnError: One means neither an array nor a setting.
    """
    if not isinstance(names, Mapping):
        return None
    return {word: _stated(meant, arrays, settings) for word, meant in names.items()}


def stated(words: Sequence[str], names: Sequence[str], settings: Sequence[str]) -> Arguments:
    """Return the arguments that a user stated in their order.

    Raises:
        SymcnnError: A word is neither an array nor a setting.
    """
    return Arguments(tuple(_stated(word, names, settings) for word in words), {})


def _stated(word: str, names: Sequence[str], settings: Sequence[str]) -> Source:
    if word == "cache":
        return OfCache()
    name, dot, axis = word.rpartition(".")
    if dot and axis.isdigit() and (sized := array_called(name, names)) is not None:
        return OfSize(sized, int(axis))
    if (array := array_called(word, names)) is not None:
        return OfArray(array)
    if (setting := setting_called(word, settings)) is not None:
        return OfSetting(setting)
    if is_bundle(word):
        return OfAllSettings()
    known = ", ".join((*names, *settings, "settings"))
    raise SymcnnError(f"arguments: there is no {word!r} to be passed: give some of {known}")
