"""The functions that a user hands over, one or two: their parameters, and their files."""

from __future__ import annotations

import inspect
from functools import partial
from pathlib import Path
from typing import Any

from symcnn.classroom.checks.code.differentiated import is_autograd_function, is_module
from symcnn.classroom.checks.code.signature import parameters_of


def words_of(function: Any) -> tuple[str, ...]:
    """Return the names of the parameters that a function is given; of a pair, those of both."""
    return tuple(p.name for part in parts_of(function) for p in parameters_of(part) or ())


def parts_of(function: Any) -> tuple[Any, ...]:
    """Return the functions that are called: of a pair both, of a module its forward pass."""
    parts = function if isinstance(function, tuple | list) else (function,)
    return tuple(p.forward if is_autograd_function(p) or is_module(p) else p for p in parts)


def files_of(function: Any) -> tuple[str, ...]:
    """Return the files that a function's code stands in, for the lines of its failures."""
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
