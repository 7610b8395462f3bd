"""Weights of a source that are several weights of the network, which is warned of.

Rows that two layers read of one matrix, a vector that scales and shifts, or an entry of a table
that is read at several places is one weight of the source and several of the network: training
moves each on its own.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import FrameType

from symcnn import limits
from symcnn.errors import shown
from symcnn.imports.assembling import Imported
from symcnn.problems.weights.origin import Stored

Copies = Mapping[str, Sequence[str]]
"""The tensors that hold a parameter's entries several times, by the parameter's name."""


class CopiedWarning(UserWarning):
    """A weight of the source is several weights of the network."""


def copies_of(imported: Imported) -> Copies:
    """Return the parameters of the source of which an entry is several weights, with these."""
    learned = {tensor.name for tensor in imported.problem.network.parameters}
    found = dict[str, Sequence[str]]()
    for name, stored in stored_in(imported).items():
        parts = tuple(part for part in stored.parts if part.tensor in learned)
        held = stored.size - int(replace(stored, parts=parts).left().sum())
        if sum(part.places.size for part in parts) > held:
            found[name] = tuple(dict.fromkeys(part.tensor for part in parts))
    return found


def stored_in(imported: Imported) -> dict[str, Stored]:
    """Return where the parameters of the source are."""
    arrays = {} if imported.problem.origin is None else imported.problem.origin.arrays
    return {name: arrays[name] for name in imported.graph.parameters if name in arrays}


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


_OWN = re.compile(r"symcnn\.|contextlib$")
"""The names of modules that a warning does not point at."""


def _levels() -> int:
    """Return how many callers there are within the package, and within its decorators."""
    frame: FrameType | None = sys._getframe(1)
    levels = 0
    while frame is not None and _OWN.match(frame.f_globals.get("__name__", "")):
        frame, levels = frame.f_back, levels + 1
    return levels
