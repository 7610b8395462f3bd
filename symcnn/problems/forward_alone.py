"""A problem file that is read for its outputs alone needs neither a loss nor a target."""

from __future__ import annotations

from pathlib import Path

from symcnn.network.losses.loss import Loss
from symcnn.problems.arrays import Arrays
from symcnn.problems.catalog import LOSSES
from symcnn.problems.reading import text
from symcnn.problems.section import Section


def with_loss(file: Section, folder: Path) -> Section:
    """Return a file with the sum of all outputs as its loss, if it has none or no target of it."""
    if "loss" in file.content:
        section, kind = file.subsection("loss").kind(LOSSES)
        key = kind.made.given if issubclass(kind.made, Loss) else None
        arrays = Arrays(file.read("arrays", text) or "", folder)
        if key is None or key in section.content or arrays.has(key):
            return file
    return Section("", {**file.content, "loss": {"type": "sum"}})
