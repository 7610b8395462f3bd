"""What is said of how a file was read, where somebody could have meant it otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from symcnn.equations import Tensor
from symcnn.network.stage import Stage
from symcnn.problems.arrays import Arrays
from symcnn.problems.catalog import key_of
from symcnn.problems.layouts import STATED, has_one_order
from symcnn.problems.section import Section


def note_of(layers: Iterable[tuple[Stage, Section]], arrays: Arrays) -> str:
    """Say in one line how flat lists of kernels were read, if there are any; or return nothing.

    Args:
        layers: The layers with their tables, in a file that does not state the layout of kernels.
        arrays: The arrays beside the file.
    """
    flat = [tensor for layer in layers for tensor in _flat(*layer, arrays)]
    return _told(flat[0], len(flat) - 1) if flat else ""


def _flat(stage: Stage, section: Section, arrays: Arrays) -> Iterator[Tensor]:
    """Run over the kernels of a layer that are flat lists and would be others in another layout."""
    for tensor, key in ((stage.own[key], key) for key in stage.layer.kernels if key in stage.own):
        if len(tensor.shape) > 2 and not has_one_order(tensor.shape):
            row = section.content.get(key_of(key))
            if arrays.is_flat(tensor) if arrays.holds(tensor) else _is_flat(row):
                yield tensor


def _is_flat(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(part, list) for part in value)


def _told(kernel: Tensor, others: int) -> str:
    *_, channels, filters = kernel.shape
    several, one = (filters, "filter") if filters > 1 else (channels, "channel")
    also = f" (like {others} more)" if others else ""
    return (
        f"{kernel.name}{also} was read with its {one}s last: its first {several} numbers are one "
        f"of each {one}. {STATED} at the top of the file reads one {one} after the other"
    )
