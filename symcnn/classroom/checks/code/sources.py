"""What an argument of a function is taken from: an array, a setting, a dictionary, a cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from symcnn.classroom.checks.code.failures import FailureError
from symcnn.classroom.checks.code.vocabulary import spellings

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
