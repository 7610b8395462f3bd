"""The picture of a large network in which some layers, a part, stand for one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from symcnn.document.facts.given import Whole
from symcnn.document.pictures.fields import outline
from symcnn.document.pictures.items import (
    Group,
    Item,
    end_of,
    item_of,
    note_of,
    regrouped,
    start_of,
)
from symcnn.document.pictures.layers import drawn
from symcnn.writing.drawing.picture import Picture

_NEAR, _ENDS = 3, 2
"""How many rows are drawn on each side of the part, and at each end of the network."""


def whole_picture(whole: Whole) -> Picture:
    """Draw the network, the part as one layer, and what is far from it as a number of layers."""
    network = whole.network
    items = [start_of(network), *map(item_of, network.stages), end_of(network)]
    rows = regrouped(_shortened(_joined(items, whole), whole.part))
    picture, _ = drawn(rows)
    return picture


def _joined(items: Sequence[Item], whole: Whole) -> list[Group]:
    """Put one row in place of the part's layers."""
    own = [item for item in items if item.name in whole.layers]
    stages = (stage for stage in whole.network.stages if stage.output.name in whole.layers)
    learned = sum(tensor.size for stage in stages for tensor in stage.parameters.values())
    shape = whole.leaving.of_one_sample().shape
    part = Item(whole.part, shape, note_of(learned), _reads(own), True, values=outline(shape))
    others = (item for item in items if item.name not in whole.layers or item is own[-1])
    return [(part, own) if item is own[-1] else (item, [item]) for item in others]


def _shortened(groups: list[Group], part: str) -> list[Group]:
    """Put one row in place of every run of layers that are far from the part and from the ends."""
    at = next(n for n, (row, _) in enumerate(groups) if row.name == part)
    ends = {*range(_ENDS + 1), *range(len(groups) - _ENDS - 1, len(groups))}
    near = ends | {*range(at - _NEAR, at + _NEAR + 1)}
    runs = groupby(range(len(groups)), lambda n: -1 if n not in near else n)
    made = [list(run) for _, run in runs]
    return [
        groups[run[0]] if len(run) == 1 else _far([groups[n][0] for n in run], run[0] < at)
        for run in made
    ]


def _far(run: list[Item], is_before: bool) -> Group:
    """Return the row of a run of layers, whose name no other row has."""
    name = f"{len(run)} {'earlier' if is_before else 'later'} layers"
    return Item(name, None, "", _reads(run)), run


def _reads(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for item in items for name in item.reads))
