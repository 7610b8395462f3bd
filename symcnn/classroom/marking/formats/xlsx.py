"""Answers in a workbook: the blank one that symcnn wrote for the problem, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symcnn.classroom.marking.intervals.written import figure
from symcnn.classroom.spreadsheets.reading import figures
from symcnn.errors import Mistakes
from symcnn.problems import Problem


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the figures that the cells display, as text."""
    mistakes, found = Mistakes(), figures(path, problem)
    for row in found.values():
        for filled in row:
            with mistakes.collected():
                figure(filled.text, filled.place)
    mistakes.end()
    return {name: [filled.text for filled in row] for name, row in found.items()}
