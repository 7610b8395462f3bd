"""Files of answers: a table of figures by the names of quantities, each as it was written.

loss = 0.0304                                                       in TOML
"gradient of conv1.weight" = [[[[0.1, "?", -0.02]]]]
{"loss": 0.0304, "gradient of conv1.weight": [[[[0.1, "?", -0.02]]]]}          in JSON

A workbook is the blank one that symcnn wrote for the problem, filled in. The way in which a file's
name ends says what it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from symcnn.classroom.marking.intervals.written import Unread
from symcnn.classroom.spreadsheets.reading import Filled, figures
from symcnn.errors import SymcnnError, shown
from symcnn.limits.files import distinct, text_of
from symcnn.problems import Problem
from symcnn.problems.reading import parsed

CLASS = ".csv"
"""How the names of tables end that have one row a student."""


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the answers of a file.

    Raises:
        SymcnnError: If the file cannot be read, or is not of a format of answers.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise SymcnnError(
            f"answers cannot be read from {shown(path.name)}: give a file that ends with "
            f"{', '.join(_READERS)}, or {CLASS} for a class"
        )
    return read(path, problem)


def of_toml(path: Path) -> Mapping[str, Any]:
    """Return the table of a file, whose numbers are text."""
    return parsed(path, str)


def of_json(path: Path) -> Mapping[str, Any]:
    """Return the object of a file, whose numbers are text."""
    text = text_of(path)
    try:
        made = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=distinct
        )
    except json.JSONDecodeError as error:
        raise SymcnnError(f"this is not valid JSON: {error}: correct the file there") from None
    except RecursionError:
        raise SymcnnError("the file is nested too deeply: give one list for each axis") from None
    if not isinstance(made, dict):
        raise SymcnnError('the file does not contain an object: give {"conv1": [...], ...}')
    return made


def texts(found: Mapping[str, Sequence[Filled]]) -> Mapping[str, Any]:
    """Return the figures that the cells of a workbook display, as text."""
    return {name: [_figure(filled) for filled in row] for name, row in found.items()}


def _figure(filled: Filled) -> str | Unread:
    """Return a figure; of a date, an error and the like, why it is none."""
    if not filled.fault:
        return filled.text
    return Unread(filled.text, f"{filled.fault[0].upper()}{filled.fault[1:]}.")


_READERS: Mapping[str, Callable[[Path, Problem], Mapping[str, Any]]] = {
    ".toml": lambda path, _: of_toml(path),
    ".json": lambda path, _: of_json(path),
    ".xlsx": lambda path, problem: texts(figures(path, problem)),
}
