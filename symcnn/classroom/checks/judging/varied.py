"""Settings of a class of layers that tell mistakes apart, if a function takes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from symcnn.classroom.checks.code.signature import words_of
from symcnn.classroom.checks.code.source_text import source_of
from symcnn.classroom.checks.code.vocabulary import is_bundle, piece_called, setting_called
from symcnn.classroom.checks.settings import REQUIRED, UNEQUAL, tried
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer

_OF_AN_ARRAY = frozenset({"kernel_size"})
"""What a function that is given a kernel knows from its shape."""


_HELD = frozenset({"stride", "padding", "pool_size", "epsilon"})
"""What a dict of settings usually holds."""

_KEY = re.compile(r"""['"](\w+)['"]""")


@dataclass(frozen=True)
class Varied:
    """A layer, and which settings were chosen for it."""

    layer: Layer
    settings: Mapping[str, Any]


def taken_settings(function: Any, layer: type[Layer]) -> frozenset[str]:
    """Return the settings that a function takes by its signature; a dict holds the usual ones."""
    known = {field.name for field in fields(layer)}
    words = words_of(function)
    found = {name for word in words if (name := setting_called(word, known)) is not None}
    pieces = {one[0] for word in words if (one := piece_called(word, known)) is not None}
    held = _held(function, known) if any(map(is_bundle, words)) else frozenset[str]()
    return frozenset(found | pieces | held)


def _held(function: Any, known: Collection[str]) -> frozenset[str]:
    """Return the settings that a function reads from a dict: by its keys, if they are there."""
    parts = function if isinstance(function, tuple | list) else (function,)
    keys = _KEY.findall(" ".join(source_of(part) for part in parts))
    pieces = (piece[0] for key in keys if (piece := piece_called(key, known)) is not None)
    read = {name for key in keys if (name := setting_called(key, known)) is not None} | {*pieces}
    usual = _HELD & frozenset(known)
    return usual & read or usual


def varied(
    layer: type[Layer], taken: frozenset[str], pairs: frozenset[str] = frozenset()
) -> list[Varied]:
    """Return layers of a class with different settings, of those that a function takes.

    Raises:
        SymcnnError: If a setting has no default and no value is known that fits.
    """
    known, made = {field.name for field in fields(layer)}, list[Varied]()
    free = known & (taken | (_OF_AN_ARRAY if layer.kernels else frozenset()))
    several = known & pairs if _slides(layer) > 1 else ()
    unequal = [one for one in UNEQUAL if one.keys() <= {*several}]
    for settings in ({}, *tried(free), *(one for one in unequal if one.keys() <= free)):
        found = _made(layer, settings, known & pairs)
        if found is not None and found not in [one.layer for one in made]:
            made.append(Varied(found, settings))
    if not made:
        raise SymcnnError(f"{layer.__name__} needs settings: give a layer, {layer.__name__}(...)")
    return made


def _made(layer: type[Layer], settings: Mapping[str, Any], pairs: Collection[str]) -> Layer | None:
    for choice in _choices(layer, settings):
        try:
            found = layer(**{**choice, **settings})
            wide = {name: _along(getattr(found, name), _slides(layer)) for name in pairs}
            return replace(found, **wide)
        except (SymcnnError, TypeError, ValueError):
            continue
    return None


def _slides(layer: type[Layer]) -> int:
    """Return along how many axes the windows of a layer slide: all but that of the channels."""
    return max(len(layer.axes) - 1, 0)


def _along(setting: Any, axes: int) -> Any:
    """Return a number as one for each axis, or two numbers as those of more axes."""
    if isinstance(setting, tuple):
        return tuple(setting[number % len(setting)] for number in range(axes))
    return (setting,) * axes if isinstance(setting, int) else setting


def _choices(layer: type[Layer], settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    missing = [f.name for f in fields(layer) if f.default is f.default_factory is MISSING]
    if any(name not in REQUIRED and name not in settings for name in missing):
        return
    for number in range(2):
        yield {n: REQUIRED[n][number % len(REQUIRED[n])] for n in missing if n in REQUIRED}
