"""What stands beside a network's picture: names of columns, a legend, and the picture in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sympy import Symbol

from symcnn.document.pictures.graph import Graph, Key
from symcnn.document.pictures.texts import Texts
from symcnn.writing.drawing.bounds import Bounds, label_bounds, label_width
from symcnn.writing.drawing.picture import Label, Line, Shape
from symcnn.writing.formula import Formula
from symcnn.writing.formula.unicode import text


def headers(made: Graph, xs: Sequence[float], right: float) -> tuple[list[Label], float]:
    """Name the columns, in two rows if need be; return what the discs begin under."""
    labels: list[Label] = []
    for n, x in enumerate(xs):
        name = _header(made, n)
        half = label_width(Label(x, 0, name)) / 2
        x = min(max(x, half + 1), right - half - 1)
        rows = (Label(x, y, name, -1) for y in (5.0, 15.0))
        free = next((label for label in rows if _is_free(label, labels)), None)
        if name and free and half * 2 + 2 < right:
            labels.append(free)
    return labels, max((label.y for label in labels), default=5.0) + 11


def _header(made: Graph, n: int) -> str:
    """Name the tensors of a column, copies included, in the order of the network."""
    names = [name for name, depth in made.depths.items() if depth == n]
    copies = made.merged
    names += [copy for copy, of in copies.items() if _first(of, copies) in names]
    network = made.context.derivation.network
    order = [t.name for t in network.tensors.values() if t.name in names]
    outputs = {"x", *(stage.output.name for stage in network.stages)}
    words = {"x": "input", **{n: n.rpartition(".")[2] for n in order if n not in outputs}}
    return ", ".join(words.get(name, name) for name in order)


def _first(name: str, copies: Mapping[str, str]) -> str:
    while name in copies:
        name = copies[name]
    return name


def _is_free(label: Label, others: Iterable[Label]) -> bool:
    own = label_bounds(label).widened(2)
    return not any(own.meets(label_bounds(other)) for other in others)


_HIGH, _MARGIN, _GAP, _ARROW = 16.0, 3.0, 4.0, 30.0
"""The height of the legend, what stands free, and the length of its arrows."""


def legend(width: float, bottom: float, fixed: Iterable[Bounds]) -> tuple[list[Shape], float]:
    """Put the legend beside the lowest entries, or below them; return it and where it ends."""
    beside = list(_at(width, bottom - _HIGH / 2))
    left, right = beside[0].x, beside[-1].x
    ends = left + _length(beside[0]), right - _length(beside[-1])
    own = (
        Bounds(0, bottom - _HIGH, ends[0], bottom),
        Bounds(ends[1], bottom - _HIGH, width, bottom),
    )
    if ends[0] < ends[1] and not any(there.meets(part) for there in fixed for part in own):
        return _with_arrows(beside), bottom
    return _with_arrows(_at(width, bottom + _HIGH / 2 + 2)), bottom + _HIGH


def _at(width: float, y: float) -> Iterator[Label]:
    yield Label(_MARGIN, y, "values", anchor="start")
    yield Label(width - _MARGIN, y, "error signals", -1, "end")


def _length(label: Label) -> float:
    """Return how long a label is with its arrow."""
    return label_width(label) + 2 * _GAP + _ARROW


def _with_arrows(labels: Iterable[Label]) -> list[Shape]:
    values, signals = labels
    start, end = values.x + label_width(values) + _GAP, signals.x - label_width(signals) - _GAP
    return [
        values,
        Line(((start, values.y), (start + _ARROW, values.y)), arrow=True),
        Line(((end, signals.y), (end - _ARROW, signals.y)), -1, arrow=True),
        signals,
    ]


def alt(made: Graph, texts: Texts) -> str:
    """Say in words what the picture of a network shows, of its answers what the texts tell."""
    columns = "; ".join(_column_in_words(keys, texts) for keys in made.columns)
    winners = [edge.source for edge in made.every if edge.kind == "winner"]
    won = ", ".join(texts.in_words(symbol) for symbol in winners if symbol is not None)
    tells = bool(winners) and texts.is_solved
    count = len(made.lines)
    lead = "One edge leads" if count == 1 else f"{count} edges lead"
    return (
        f"Diagram of the network in columns from left to right: {columns}."
        f" {lead} from column to column."
        + (f" The largest entries of their windows are {won}." if tells else "")
    )


def _column_in_words(keys: Iterable[Key], texts: Texts) -> str:
    symbols = [key for key in keys if isinstance(key, Symbol)]
    return ", ".join(f"{texts.in_words(s)} {texts.value_in_words(s)}".rstrip() for s in symbols)


def signals_in_words(texts: Texts, signals: Mapping[Symbol, Formula]) -> str:
    """Say which error signals the picture shows."""
    words = (f"{text(signal)} at {texts.in_words(symbol)}" for symbol, signal in signals.items())
    return f" The error signals are {', '.join(words)}." if signals else ""
