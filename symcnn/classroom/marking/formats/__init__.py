"""Files of answers: a table of figures by the names of quantities, each as it was written.

A format is a module with a function ``table(path, problem)``; the way in which a file's name ends
chooses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem

FORMATS = {
    ".toml": "symcnn.classroom.marking.formats.toml",
    ".json": "symcnn.classroom.marking.formats.json",
    ".xlsx": "symcnn.classroom.marking.formats.xlsx",
    ".md": "symcnn.classroom.filled_in.md",
    ".pdf": "symcnn.classroom.filled_in.pdf",
}
"""For each ending of a file's name the module whose ``table(path, problem)`` reads it.

It is imported when there is such a file: the last two stand on the documents, which in turn say
what is wrong in a source by marking it.
"""

CLASS = ".csv"
"""How the names of tables end that have one row a student."""


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the answers of a file.

    Raises:
        SymcnnError: If the file cannot be read, or is not of a format of answers.
    """
    name = FORMATS.get(path.suffix.lower())
    if name is None:
        raise SymcnnError(
            f"answers cannot be read from {shown(path.name)}: give a file that ends with "
            f"{', '.join(FORMATS)}, or {CLASS} for a class"
        )
    read: Callable[[Path, Problem], Mapping[str, Any]] = import_module(name).table
    return read(path, problem)
