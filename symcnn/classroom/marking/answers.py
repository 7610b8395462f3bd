"""Answers: figures by the names of quantities, as they were written.

    loss = 0.0304
    "gradient of conv1.weight" = [[[[0.1, "?", -0.02]]], ...]

The digits of a figure count, so that numbers of files are read as text: 0.420 is not 0.42. A
question mark, an empty text and a quantity that is not there are answers that were left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from symcnn.classroom.marking.copies import Answers as Answers
from symcnn.classroom.marking.copies import with_copies
from symcnn.classroom.marking.formats import table
from symcnn.classroom.marking.intervals.written import Written, figure
from symcnn.equations.values import entries
from symcnn.errors import Mistakes, SymcnnError, located
from symcnn.problems import Problem


def answers_of(problem: Problem, given: Any) -> Answers:
    """Read answers: a table of them, or the name of a file of one student's.

    Raises:
        SymcnnError: If a quantity is unknown, a shape is wrong or a figure is no number; every
            mistake is a line that names the place.
    """
    if isinstance(given, Mapping):
        return read(problem, given)
    path = path_of(given)
    with located(path):
        return read(problem, table(path, problem))


def path_of(given: Any) -> Path:
    """Return the path of a file of answers.

    Raises:
        SymcnnError: If it is something else.
    """
    if not isinstance(given, str | PathLike):
        raise SymcnnError(
            f"the answers are a {type(given).__name__}: give a dict of figures, or a file's name"
        )
    return Path(given)


def read(problem: Problem, given: Mapping[str, Any]) -> Answers:
    """Read a table of figures by the names of quantities."""
    mistakes, found = Mistakes(), dict[str, tuple[Written | None, ...]]()
    for name, value in given.items():
        with mistakes.collected():
            found[name] = _figures(problem, name, value)
    mistakes.end()
    return with_copies(problem, found)


def _figures(problem: Problem, name: str, value: Any) -> tuple[Written | None, ...]:
    tensor = problem.quantities.shape(name)
    if name in problem.network.tensors and tensor.is_given:
        raise SymcnnError(f"{name} is given, and no answer: leave it out")
    listed = [value] if tensor.size == 1 and not isinstance(value, list | tuple) else value
    try:
        flat = entries(listed, replace(tensor, name=name))
    except RecursionError:
        raise SymcnnError(f"{name} is nested too deeply: give one list for each axis") from None
    numbered = enumerate(flat, start=1)
    return tuple(figure(_text(entry), f"{name}, number {count},") for count, entry in numbered)


def _text(entry: Any) -> str:
    """Return a figure as text; a Python float shows the digits that it has."""
    return "?" if entry is None else str(entry)
