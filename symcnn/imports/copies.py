"""Weights that the source has once and the network several times: training moves each on its own.

A kernel that two layers read in different layouts, a table that is tied to its transpose, or an
entry of a table that is read at several places is a number in each of these places.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType

import numpy as np

from symcnn import limits
from symcnn.equations.values import Array
from symcnn.errors import shown
from symcnn.imports.assembling import Imported

Copies = Mapping[str, Sequence[str]]
"""The tensors that hold a parameter's entries several times, by the parameter's name."""


class CopiedWarning(UserWarning):
    """A weight of the source is several weights of the network."""


def copies_of(imported: Imported) -> Copies:
    """Return the parameters of the source of which an entry is several weights, with these."""
    learned = {tensor.name for tensor in imported.problem.network.parameters}
    shapes, places = imported.graph.parameters, dict[str, list[str]]()
    counts = dict[str, Array]()
    for tensor, constant in imported.taken:
        name = constant.parameter
        if tensor not in learned or name not in shapes:
            continue
        size = int(np.prod(shapes[name]))
        count = np.bincount(constant.entries(shapes[name]).ravel(), minlength=size)
        counts[name] = counts[name] + count if name in counts else count
        places.setdefault(name, []).append(tensor)
    return {name: tuple(places[name]) for name, count in counts.items() if (count > 1).any()}


def lines(copies: Copies) -> list[str]:
    """Return a line for each parameter."""
    return [
        f"{shown(name)} is one weight of the source and several here, in "
        f"{_listed([shown(tensor) for tensor in tensors])}: training changes each on its own"
        for name, tensors in copies.items()
    ]


def few(copies: Copies) -> Iterator[str]:
    """Return the lines of the first parameters, and how many more there are."""
    said = lines(copies)
    yield from said[: limits.WARNINGS]
    if len(said) > limits.WARNINGS:
        yield f"{len(said) - limits.WARNINGS:,} more of the source's weights are several here"


def warn(copies: Copies) -> None:
    """Warn where the import was called from, whether or not its report is looked at."""
    for line in few(copies):
        warnings.warn(line, CopiedWarning, stacklevel=_levels() + 1)


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2:,} more"
    return " and ".join(names)


def _levels() -> int:
    """Return how many callers there are within the package."""
    frame: FrameType | None = sys._getframe(1)
    levels = 0
    while frame is not None and frame.f_globals.get("__name__", "").startswith("symcnn."):
        frame, levels = frame.f_back, levels + 1
    return levels
