"""The arguments of a function, in the order of its parameters, and from where each is taken.

An argument is taken from an array, a setting, a dictionary of them, or a cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from symcnn.classroom.checks.code.failures import FailureError
from symcnn.classroom.checks.code.vocabulary import (
    array_called,
    is_bundle,
    setting_called,
    spellings,
)
from symcnn.errors import SymcnnError

_ALONG = {1: ("width",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_MODES = {"training": "train", "inference": "test"}


@dataclass(frozen=True)
class Given:
    """What there is to be passed in one call.

    Attributes:
        arrays: The arrays by name, in the layout and of the kind that the function takes.
        settings: The settings of the layer by name.
        axes: The number of axes along which the layer slides over its input.
        cache: What a forward pass returned besides its output.
    """

    arrays: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)
    axes: int = 0
    cache: Sequence[Any] = ()


class Source(Protocol):
    """What an argument is taken from."""

    def value(self, given: Given) -> Any:
        """Return the argument in one call."""
        ...


@dataclass(frozen=True)
class OfArray:
    """An array, by its name."""

    name: str

    def value(self, given: Given) -> Any:
        """Return the array."""
        if self.name not in given.arrays:
            raise FailureError(f"There is no array {self.name} to be passed to the function.")
        return given.arrays[self.name]


@dataclass(frozen=True)
class OfSetting:
    """A setting of the layer, or its number along one axis, counted from the end."""

    name: str
    axis: int | None = None

    def value(self, given: Given) -> Any:
        """Return the setting."""
        if self.name not in given.settings:
            raise FailureError(f"There is no setting {self.name} to be passed to the function.")
        setting = given.settings[self.name]
        return setting if self.axis is None else along(setting, given.axes)[self.axis]


@dataclass(frozen=True)
class OfAllSettings:
    """A dictionary of the settings, under every key that is usual for each of them."""

    def value(self, given: Given) -> Any:
        """Return the dictionary."""
        held = {
            word: _MODES.get(setting, setting) if name == "mode" else setting
            for name, setting in given.settings.items()
            for word in reversed(spellings(name))
        }
        return {**held, **dict(given.settings), **_pieces(given), **_mode(given)}


def _mode(given: Given) -> dict[str, Any]:
    mode = given.settings.get("mode")
    return {} if mode is None else {"mode": _MODES.get(mode, mode)}


def _pieces(given: Given) -> dict[str, Any]:
    names = _ALONG.get(given.axes, ()) if "pool_size" in given.settings else ()
    sizes = along(given.settings["pool_size"], given.axes) if names else ()
    return {f"pool_{name}": size for name, size in zip(names, sizes, strict=False)}


@dataclass(frozen=True)
class OfParameters:
    """A dictionary of all arrays of some names, as networks hold their parameters."""

    names: tuple[str, ...]

    def value(self, given: Given) -> Any:
        """Return the dictionary."""
        return {name: given.arrays[name] for name in self.names}


@dataclass(frozen=True)
class OfCache:
    """What the forward pass returned besides its output: all of it, or one of several."""

    position: int | None = None

    def value(self, given: Given) -> Any:
        """Return the cache."""
        if not given.cache:
            raise FailureError("The forward pass returned no cache besides its output.")
        if self.position is None:
            return given.cache[0] if len(given.cache) == 1 else tuple(given.cache)
        if self.position >= len(given.cache):
            raise FailureError(
                f"The forward pass returned {len(given.cache)} values besides its output, "
                "fewer than its backward pass takes."
            )
        return given.cache[self.position]


@dataclass(frozen=True)
class OfSize:
    """The length of an axis of an array, as the function has it: ``x.0``."""

    name: str
    axis: int

    def value(self, given: Given) -> Any:
        """Return the length."""
        shape = given.arrays[self.name].shape
        if self.axis >= len(shape):
            raise FailureError(f"There is no {self.name}.{self.axis}: {self.name} has {shape}.")
        return int(shape[self.axis])


def along(setting: Any, axes: int) -> tuple[Any, ...]:
    """Return a setting along every axis: one number stands for all.

    >>> along(2, 2), along((1, 2), 2)
    ((2, 2), (1, 2))
    """
    return tuple(setting) if isinstance(setting, tuple | list) else (setting,) * max(axes, 1)


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
