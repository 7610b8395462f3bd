"""Answers: figures by the names of quantities, as they were written.

    loss = 0.0304
    "gradient of conv1.weight" = [[[[0.1, "?", -0.02]]], ...]

The digits of a figure count, so that numbers of files are read as text: 0.420 is not 0.42. A
question mark, an empty text and a quantity that is not there are answers that were left out.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from symcnn.errors import Mistakes, SymcnnError, located
from symcnn.marking.written import Written, figure
from symcnn.problems import Problem
from symcnn.problems.toml import file_text
from symcnn.values import entries

Answers = Mapping[str, tuple[Written | None, ...]]
"""The figures of quantities, in row-major order."""


def answers_of(problem: Problem, given: Any) -> Answers:
    """Read answers: a table of them, or the name of a TOML or JSON file.

    Raises:
        SymcnnError: If a quantity is unknown, a shape is wrong or a figure is no number; every
            mistake is a line that names the place.
    """
    if isinstance(given, Mapping):
        return _read(problem, given)
    path = Path(given)
    with located(path):
        return _read(problem, _table(path))


def _table(path: Path) -> Mapping[str, Any]:
    text = file_text(path)
    try:
        if path.suffix == ".json":
            made = json.loads(text, parse_float=str, parse_int=str)
        else:
            made = tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise SymcnnError(f"this is not valid {path.suffix[1:].upper()}: {error}") from None
    except RecursionError:
        raise SymcnnError("the file is nested too deeply: give one list for each axis") from None
    if not isinstance(made, dict):
        raise SymcnnError('the file holds no table: give {"conv1": [...], ...}')
    return made


def _read(problem: Problem, table: Mapping[str, Any]) -> Answers:
    mistakes, found = Mistakes(), dict[str, tuple[Written | None, ...]]()
    for name, value in table.items():
        with mistakes.collected():
            found[name] = _figures(problem, name, value)
    mistakes.end()
    return found


def _figures(problem: Problem, name: str, value: Any) -> tuple[Written | None, ...]:
    tensor = problem.quantities.shape(name)
    listed = [value] if tensor.size == 1 and not isinstance(value, list | tuple) else value
    flat = entries(listed, replace(tensor, name=name))
    numbered = enumerate(flat, start=1)
    return tuple(figure(_text(entry), f"{name}, number {count},") for count, entry in numbered)


def _text(entry: Any) -> str:
    """Return a figure as text; a Python float shows the digits that it has."""
    return "?" if entry is None else str(entry)
