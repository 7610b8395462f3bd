"""The files of a function's author, whose lines are told where it fails."""

from __future__ import annotations

import inspect
from functools import partial
from pathlib import Path
from typing import Any


def files_of(function: Any) -> tuple[str, ...]:
    """Return the files that a function's code stands in, or that of each of a pair."""
    parts = function if isinstance(function, tuple | list) else (function,)
    found = [path for part in parts for path in _files(part)]
    return tuple(dict.fromkeys(found))


def _files(function: Any) -> list[str]:
    inner = function.func if isinstance(function, partial) else function
    if isinstance(said := getattr(inner, "path", None), Path):  # a function of a file
        return [str(said)]
    methods = (getattr(inner, name, None) for name in ("forward", "backward", "__call__"))
    codes = [getattr(_unwrapped(part), "__code__", None) for part in (inner, *methods)]
    return [code.co_filename for code in codes if code is not None]


def _unwrapped(function: Any) -> Any:
    return inspect.unwrap(function) if callable(function) else function
