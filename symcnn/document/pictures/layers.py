"""The picture of a large network: a box for every layer, with its shape and its parameters.

Between the boxes values go down and error signals come back up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from symcnn import limits
from symcnn.document.context import Context
from symcnn.equations import Tensor
from symcnn.equations.notation import Shape as Sizes
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.writing.drawing.bounds import label_width
from symcnn.writing.drawing.picture import Box, Label, Line, Picture, Shape
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import joined
from symcnn.writing.printing.names import named

_WIDE, _HIGH, _STEP = 330.0, 15.0, 25.0
_MARGIN, _INSET, _LANE = 2.0, 6.0, 18.0
_NAME, _SHAPE = 112.0, 106.0
"""The width of the name, and for the shape behind it."""

_TARGET = 86.0

_APART, _BESIDE = 9.0, 4.0
"""How far the arrows down and up stand from the middle, and their labels from them."""


Lane = list[tuple[int, int]]
"""Rows that are joined beside the boxes, one below the other."""


class Item(NamedTuple):
    """A row of the picture.

    Attributes:
        name: What it is called.
        shape: The shape of one sample; none for rows that stand for several layers.
        note: What is said of its parameters.
        reads: The names of what it reads.
        learned: Whether it has parameters.
        value: The letter of what goes down from here; none for rows that stand for several layers.
        signal: That of what comes back, if the loss depends on it.
    """

    name: str
    shape: Sizes | None
    note: str
    reads: tuple[str, ...]
    learned: bool = False
    value: Formula | None = None
    signal: Formula | None = None


def layers(context: Context) -> Picture:
    """Draw a network layer by layer, from the input down to the loss."""
    network = context.derivation.network
    stages = [_passing(context, item_of(stage), stage.output) for stage in network.stages]
    first = _passing(context, start_of(network), network.input)
    return drawn(_shortened([first, *stages, end_of(network)]), network.target)


def start_of(network: Network) -> Item:
    """Return the row of the input."""
    return Item(network.input.name, network.input_shape, "the input", ())


def end_of(network: Network) -> Item:
    """Return the row of the loss."""
    return Item("loss", (1,), "one number", (network.output.name,))


def drawn(items: list[Item], target: Tensor | None) -> Picture:
    """Draw rows from the input down to the loss, which is given a target if there is one."""
    rows = {item.name: row for row, item in enumerate(items)}
    skips = sorted({skip for item in items for skip in _skips(item, rows)})
    lanes = _placed(skips)
    if not _has_room(items, lanes):
        items = [item._replace(value=None, signal=None) for item in items]
    shapes = [*_boxes(items, rows), *_lanes(items, lanes), *_target(target, len(items) - 1)]
    beside = max(_lane_step(lanes) * len(lanes) + _LANE, _TARGET if target else 0.0)
    height = _STEP * (len(items) - 1) + _HIGH + 2 * _MARGIN
    words = "; ".join(map(_in_words, items))
    alt = (
        f"Diagram of the layers from top to bottom: {words}. Arrows lead values down and error "
        "signals back up."
    )
    return Picture(_WIDE + 2 * _MARGIN + beside, height, tuple(shapes), alt)


def _passing(context: Context, item: Item, tensor: Tensor) -> Item:
    """Add the letters of what leaves a layer, and of what comes back to it."""
    derivation = context.derivation
    depends = derivation.depends_on(tensor)
    signal = named(derivation.adjoints[tensor.name].label) if depends else None
    return item._replace(value=context.named(tensor).formula, signal=signal)


def note_of(learned: int) -> str:
    """Return what is said of a number of parameters."""
    return f"{learned:,} parameter{'s' if learned != 1 else ''}" if learned else "no parameters"


def item_of(stage: Stage) -> Item:
    """Return the row of a layer."""
    learned = sum(tensor.size for tensor in stage.parameters.values())
    note = f"those of {stage.layer.weight_from}" if stage.shares else note_of(learned)
    reads = tuple(tensor.name for tensor in stage.inputs)
    shape = stage.output.of_one_sample().shape
    return Item(stage.output.name, shape, note, reads, bool(learned))


Group = tuple[Item, list[Item]]
"""A row of the picture, and the rows that it stands for."""


def _shortened(items: list[Item]) -> list[Item]:
    """Put one row in place of the middle of many."""
    if len(items) <= limits.DRAWN_LAYERS:
        return items
    kept = limits.DRAWN_LAYERS // 2
    middle = items[kept:-kept]
    reads = {name for item in middle for name in item.reads}
    rest = Item(f"{len(middle)} further layers", None, "", tuple(sorted(reads)))
    ends = [[(item, [item]) for item in part] for part in (items[:kept], items[-kept:])]
    return regrouped([*ends[0], (rest, middle), *ends[1]])


def regrouped(groups: Sequence[Group]) -> list[Item]:
    """Let every row read the rows of what it reads."""
    row_of = {item.name: row.name for row, own in groups for item in own}
    read = {row.name: dict.fromkeys(row_of[name] for name in row.reads) for row, _ in groups}
    return [
        row._replace(reads=tuple(name for name in read[row.name] if name != row.name))
        for row, _ in groups
    ]


def _skips(item: Item, rows: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Run over what an item reads that does not stand right above it."""
    here = rows[item.name]
    return ((rows[name], here) for name in item.reads if rows[name] != here - 1)


def _top(row: int) -> float:
    return _MARGIN + _STEP * row


def _boxes(items: Sequence[Item], rows: dict[str, int]) -> Iterator[Shape]:
    """Draw a box for each layer, with an arrow from the box above if that is read."""
    for row, item in enumerate(items):
        top, middle = _top(row), _top(row) + _HIGH / 2
        ink, words = (1, 1) if item.learned else (-1, 0)
        name = "input" if not item.reads else item.name
        yield Box(_MARGIN, top, _WIDE, _HIGH, ink, item.learned, dashed=item.shape is None)
        yield _fitted(Label(_MARGIN + _INSET, middle, name, words, "start"), _NAME)
        if item.shape is not None:
            sizes = joined([*map(str, item.shape)], r"\times")
            yield Label(_MARGIN + _NAME + _SHAPE / 2, middle, sizes)
        right = _MARGIN + _WIDE - _INSET
        note = Label(right, middle, item.note, -1 if not item.learned else 1, "end")
        yield _fitted(note, _WIDE - _NAME - _SHAPE)
        if row and any(rows[name] == row - 1 for name in item.reads):
            yield from _arrows(items[row - 1], top - _STEP + _HIGH, top)


def _arrows(above: Item, top: float, bottom: float) -> Iterator[Shape]:
    """Lead what a layer computes down, and its error signal back up."""
    middle, y = _MARGIN + _WIDE / 2, (top + bottom) / 2
    down, up = middle - _APART, middle + _APART
    yield Line(((down, top), (down, bottom)), arrow=True)
    if above.value is not None:
        yield Label(down - _BESIDE, y, above.value, anchor="end")
    if above.signal is not None:
        yield Line(((up, bottom), (up, top)), -1, arrow=True)
        yield Label(up + _BESIDE, y, above.signal, -1, "start")


def _fitted(label: Label, width: float) -> Label:
    """Shorten words that are too long for their place."""
    text = str(label.text)
    while label_width(label) > width - 2 * _INSET:
        text = text[:-1]
        label = label._replace(text=f"{text}...")
    return label


def _placed(skips: Sequence[tuple[int, int]]) -> list[Lane]:
    """Put connections into as few lanes as they need."""
    lanes: list[Lane] = []
    for skip in skips:
        free = next((lane for lane in lanes if lane[-1][1] <= skip[0]), None)
        if free is None:
            lanes.append([skip])
        else:
            free.append(skip)
    return lanes


def _lane_step(lanes: Sequence[Lane]) -> float:
    return min(_LANE, 100.0 / max(len(lanes), 1))


def _has_room(items: Sequence[Item], lanes: Sequence[Lane]) -> bool:
    """Tell whether the letter of everything that goes around stands beside its lane."""
    letters = (items[start].value for lane in lanes for start, _ in lane)
    widths = (label_width(Label(0, 0, letter)) for letter in letters if letter is not None)
    return max(widths, default=0.0) + _BESIDE + 2 <= _lane_step(lanes)


def _lanes(items: Sequence[Item], lanes: Sequence[Lane]) -> Iterator[Shape]:
    right = _MARGIN + _WIDE
    levels = {y for lane in lanes for ends in lane for y in _levels(*ends)}
    for n, lane in enumerate(lanes):
        x = right + _lane_step(lanes) * n + _LANE / 2
        for start, end in lane:
            first, last = _levels(start, end)
            yield Line(((right, first), (x, first), (x, last), (right, last)), 2, arrow=True)
            letter = items[start].value
            if letter is not None:
                middle = (first + last) / 2
                y = max((middle, middle - 5, middle + 5), key=lambda y: _distance(y, levels))
                yield Label(x + _BESIDE / 2, y, letter, 2, "start")


def _levels(start: int, end: int) -> tuple[float, float]:
    """Return the heights at which a lane leaves a box and reaches another one."""
    return _top(start) + 0.7 * _HIGH, _top(end) + 0.3 * _HIGH


def _distance(y: float, levels: Iterable[float]) -> float:
    """Return how far the next line is, as far as it matters to a label."""
    return min(8.0, *(abs(y - level) for level in levels))


def _target(target: Tensor | None, row: int) -> Iterator[Shape]:
    if target is None:
        return
    left, top, right = _MARGIN + _WIDE + 24, _top(row), _MARGIN + _WIDE + _TARGET
    middle = top + _HIGH / 2
    yield Box(left, top, right - left, _HIGH, -1)
    yield Label((left + right) / 2, middle, target.name)
    yield Line(((left, middle), (_MARGIN + _WIDE, middle)), arrow=True)


def _in_words(item: Item) -> str:
    shape = "" if item.shape is None else f" of shape {' by '.join(map(str, item.shape))}"
    note = f", {item.note}" if item.note else ""
    reads = f", reads {' and '.join(item.reads)}" if item.reads else ""
    return f"{item.name}{shape}{note}{reads}"
