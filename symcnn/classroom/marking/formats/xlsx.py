"""Answers in a workbook: the blank one that symcnn wrote for the problem, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from symcnn.classroom.marking.intervals.written import Unread
from symcnn.classroom.spreadsheets.reading import Filled, figures
from symcnn.problems import Problem


def table(path: Path, problem: Problem) -> Mapping[str, Any]:
    """Return the figures that the cells display, as text."""
    return texts(figures(path, problem))


def texts(found: Mapping[str, Sequence[Filled]]) -> Mapping[str, Any]:
    """Return the figures of cells as text."""
    return {name: [_figure(filled) for filled in row] for name, row in found.items()}


def _figure(filled: Filled) -> str | Unread:
    """Return a figure; of a date, an error and the like, why it is none."""
    if not filled.fault:
        return filled.text
    return Unread(filled.text, f"{filled.fault[0].upper()}{filled.fault[1:]}.")
