"""The kinds of hand-ins: each is a function from a network, what is asked for, and draws.

A file in this folder lists some of them in its ``KINDS``, and is found here.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from random import Random

from tests.classroom.marking.grid.handin import HandIn
from tests.classroom.marking.grid.networks import Given
from tests.classroom.marking.grid.settings import Settings

Kind = Callable[[Given, Settings, Random], HandIn]


def collected() -> dict[str, Kind]:
    """Return the kinds of all files of this folder by their names."""
    found = dict[str, Kind]()
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        found |= import_module(f"{__name__}.{module.name}").KINDS
    return found
