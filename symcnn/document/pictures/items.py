"""The layers of a network as they are drawn, and which stand beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symcnn import limits
from symcnn.document.pictures.fields import Field, outline
from symcnn.equations.notation import Shape as Sizes
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.writing.formula import Formula

Skip = tuple[int, int]
"""Two ranks that are joined past those between them."""


class Item(NamedTuple):
    """A layer, the input, the loss, or several layers that stand for one.

    Attributes:
        name: What it is called.
        shape: The shape of one sample; none of what stands for several layers.
        note: What is said of its parameters.
        reads: The names of what it reads.
        learned: Whether it has parameters.
        value: The letter of what goes down from here, if it is known.
        signal: That of what comes back, if the loss depends on it.
        values: What is drawn of the values.
        signals: What is drawn of the error signals.
    """

    name: str
    shape: Sizes | None
    note: str
    reads: tuple[str, ...]
    learned: bool = False
    value: Formula | None = None
    signal: Formula | None = None
    values: Field | None = None
    signals: Field | None = None

    @property
    def is_loss(self) -> bool:
        """Whether error signals begin here."""
        return self.name == LOSS

    @property
    def fields(self) -> Iterator[Field]:
        """What is drawn."""
        return (field for field in (self.values, self.signals) if field is not None)


LOSS = "loss"


def start_of(network: Network) -> Item:
    """Return the input."""
    shape = network.input_shape
    return Item(network.input.name, shape, "", (), values=outline(shape))


def end_of(network: Network) -> Item:
    """Return the loss."""
    given = network.loss_stage.given
    note = "" if given is None else f"given the {given.name}"
    return Item(LOSS, (), note, (network.output.name,), values=outline((1,)))


def note_of(learned: int) -> str:
    """Return what is said of a number of parameters."""
    return f"{learned:,} parameter{'s' if learned != 1 else ''}" if learned else ""


def item_of(stage: Stage) -> Item:
    """Return a layer."""
    learned = sum(tensor.size for tensor in stage.parameters.values())
    note = note_of(sum(tensor.size for tensor in stage.own.values()))
    if stage.shares:
        shared = f"those of {stage.layer.weight_from}"
        note = f"{note}, and {shared}" if note else shared
    reads = tuple(tensor.name for tensor in stage.inputs)
    shape = stage.output.of_one_sample().shape
    return Item(stage.output.name, shape, note, reads, bool(learned), values=outline(shape))


Group = tuple[Item, list[Item]]
"""What is drawn, and the layers that it stands for."""


def shortened(items: list[Item]) -> list[Item]:
    """Put one item in place of the middle of many."""
    if len(items) <= limits.DRAWN_LAYERS:
        return items
    kept = limits.DRAWN_LAYERS // 2
    middle = items[kept:-kept]
    reads = {name for item in middle for name in item.reads}
    rest = Item(f"{len(middle)} further layers", None, "", tuple(sorted(reads)))
    ends = [[(item, [item]) for item in part] for part in (items[:kept], items[-kept:])]
    return regrouped([*ends[0], (rest, middle), *ends[1]])


def regrouped(groups: Sequence[Group]) -> list[Item]:
    """Let every item read the items of what it reads."""
    row_of = {item.name: row.name for row, own in groups for item in own}
    read = {row.name: dict.fromkeys(row_of[name] for name in row.reads) for row, _ in groups}
    return [
        row._replace(reads=tuple(name for name in read[row.name] if name != row.name))
        for row, _ in groups
    ]


def ranks(items: Sequence[Item]) -> list[list[Item]]:
    """Put what is as many steps away from the input beside each other."""
    depths: dict[str, int] = {}
    for item in items:
        depths[item.name] = max((depths[name] + 1 for name in item.reads), default=0)
    made: list[list[Item]] = [[] for _ in range(max(depths.values()) + 1)]
    for item in items:
        made[depths[item.name]].append(item)
    return made
