"""What a problem file leaves unsaid: a loss that is not needed, a channel, how kernels stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from symcnn.equations import Tensor
from symcnn.errors import AxesError
from symcnn.network.losses.loss import Loss
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems.arrays import Arrays
from symcnn.problems.catalog import LOSSES, key_of
from symcnn.problems.layouts import STATED, has_one_order
from symcnn.problems.reading import text
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


def with_loss(file: Section, folder: Path) -> Section:
    """Return a file with the sum of all outputs as its loss, if it has none or no target of it."""
    if "loss" in file.content:
        section, kind = file.subsection("loss").kind(LOSSES)
        key = kind.made.given if issubclass(kind.made, Loss) else None
        arrays = Arrays(file.read("arrays", text) or "", folder)
        if key is None or key in section.content or arrays.has(key):
            return file
    return Section("", {**file.content, "loss": {"type": "sum"}})


def of_one_channel(shape: Any, made: Callable[[Any], Network]) -> Network:
    """Return the network for inputs of a shape, with a channel if a layer needs one axis more.

    A shape that all layers can read as it stands keeps its meaning.

    Args:
        shape: The shape that a file gives.
        made: What makes the network for inputs of a shape.

    Raises:
        AxesError: If it has too few axes with a channel, too.
    """
    try:
        return made(shape)
    except AxesError as error:
        with suppress(AxesError):
            return made((*shape, 1) if isinstance(shape, tuple) else (shape, 1))
        raise error from None
