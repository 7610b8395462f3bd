"""The picture of a small network: every entry a disc with its value, every term an edge.

Below the values stand the error signals where there is room for them: what goes forward
and what comes back are seen in one picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from sympy import Symbol

from symcnn import limits
from symcnn.document.blocks import ROUNDED
from symcnn.document.context import Context
from symcnn.document.pictures.edge_labels import LabelledLine, label_edges
from symcnn.document.pictures.edges import Edge, count
from symcnn.document.pictures.graph import Graph, Key, Lane, One, graph
from symcnn.document.pictures.legend import legend
from symcnn.document.pictures.network_words import alt, signals_in_words
from symcnn.document.pictures.texts import Texts
from symcnn.drawing.bounds import Bounds, cut, disc_bounds, label_bounds, label_width
from symcnn.drawing.picture import SMALL, WIDEST, Disc, Label, Line, Picture, Shape
from symcnn.formula import Atom
from symcnn.formula import Row as Formula
from symcnn.formula.build import row
from symcnn.formula.width import width

_HIGHEST = 470.0
_LEAST_RADIUS, _LARGEST_RADIUS = 9.0, 15.0
_VALUE = 9.0
"""The height of the value under a disc, and of the error signal under that."""

_LANE, _MARGIN, _GAP = 14.0, 3.0, 8.0

_ORDER = {"loser": 0, "plain": 1, "same": 1, "winner": 2}
"""In which order edges are drawn, those on top last."""

_ROUNDED = Atom(ROUNDED)

Positions = dict[Key, tuple[float, float]]


class Drawn(NamedTuple):
    """A network drawn entry by entry.

    Attributes:
        picture: The picture.
        graph: What it shows.
        has_signals: Whether it shows error signals.
        has_weights: Whether all edges that have weights are labelled; else none is.
    """

    picture: Picture
    graph: Graph
    has_signals: bool
    has_weights: bool


def network(context: Context) -> Drawn | None:
    """Draw a network; None if it is too large to be drawn entry by entry."""
    tensors = context.derivation.network.tensors.values()
    entries = sum(t.size for t in tensors if t.role not in ("parameter", "constant"))
    if entries > limits.DRAWN_ENTRIES or count(context) > limits.DRAWN_TERMS:
        return None
    made, texts = graph(context), Texts(context)
    layouts = (Layout(made, texts, has_signals) for has_signals in (True, False))
    fitting = next((layout for layout in layouts if layout.fits()), None)
    return None if fitting is None else fitting.drawn()


class Layout:
    """Where everything of a network stands."""

    def __init__(self, made: Graph, texts: Texts, has_signals: bool) -> None:
        """Work out sizes; nothing has a position yet."""
        self._graph, self._texts = made, texts
        entries = [key for key in made.column if isinstance(key, Symbol)]
        self._symbols = dict.fromkeys(made.column, row("1")) | {s: texts.symbol(s) for s in entries}
        self._values = {s: texts.value(s) for s in entries}
        signals = {s: texts.signal(s) for s in entries if has_signals}
        self._signals = {s: _signal(texts, signal) for s, signal in signals.items() if signal}
        self._below = _VALUE * (2 if self._signals else 1)
        widest = max(width(name) for name in self._symbols.values()) * SMALL
        self.radius = max(_LEAST_RADIUS, widest / 2 + 2.5)
        self._rows = [self._with_lanes(n) for n in range(len(made.columns))]

    def fits(self) -> bool:
        """Tell whether the page is wide and high enough."""
        return (
            self.radius <= _LARGEST_RADIUS
            and max(map(len, self._graph.columns)) <= limits.DRAWN_ROWS
            and max(map(self._height, self._rows)) <= _HIGHEST
            and sum(self._least_gaps()) + sum(self._sides()) <= WIDEST
        )

    def drawn(self) -> Drawn:
        """Draw the network."""
        xs = self._xs()
        heads, top = self._headers(xs)
        positions = self._positions(xs, top)
        discs = [Disc(*positions[k], self.radius, self._ink(k)) for k in self._graph.column]
        names = [Label(*positions[k], name, self._ink(k)) for k, name in self._symbols.items()]
        values = [self._value(positions, key) for key in self._values]
        values += [self._error_signal(positions, key) for key in self._signals]
        fixed = [*map(label_bounds, (*heads, *values)), *map(disc_bounds, discs)]
        lines = list(self._lines(positions))
        labels = self._edge_labels(lines, fixed)
        boxes = [label_bounds(label) for label in (*values, *labels)]
        shapes: list[Shape] = [piece for line in lines for piece in cut(line.line, boxes)]
        shapes += [*discs, *names, *values, *labels, *heads]
        bottom = max(bounds.bottom for bounds in fixed)
        width = xs[-1] + self._sides()[1]
        if self._signals:
            directions, bottom = legend(width, bottom, fixed)
            shapes += directions
        asked = alt(self._graph, self._texts, solved=False)
        solved = alt(self._graph, self._texts, solved=True)
        solved += signals_in_words(self._texts, self._signals)
        picture = Picture(width, bottom + _MARGIN, tuple(shapes), solved, asked)
        weights = {self._texts.symbol(e.weight) for e in self._drawn_edges() if e.weight}
        has_weights = weights <= {label.text for label in labels}
        return Drawn(picture, self._graph, bool(self._signals), has_weights)

    def _value(self, positions: Positions, key: Key) -> Label:
        x, y = positions[key]
        text, ink = self._values[key], self._ink(key)
        answer = isinstance(key, Symbol) and self._texts.is_answer(key)
        return Label(x, y + self.radius + 1 + _VALUE / 2, text, ink, answer=answer)

    def _error_signal(self, positions: Positions, key: Symbol) -> Label:
        x, y = positions[key]
        return Label(x, y + self.radius + 1 + 1.5 * _VALUE, self._signals[key], -1, answer=True)

    def _edge_labels(self, lines: Sequence[LabelledLine], fixed: list[Bounds]) -> list[Label]:
        """Label all edges that have weights, or none; and then all that are functions."""
        made: list[Label] = []
        edges = self._drawn_edges()
        for has_weight in (True, False):
            own = [
                line if (edge.weight is not None) == has_weight else line._replace(text=None)
                for line, edge in zip(lines, edges, strict=True)
            ]
            made += label_edges(own, [*fixed, *map(label_bounds, made)])
        return made

    def _ink(self, key: Key) -> int:
        return -1 if isinstance(key, One) else self._graph.inks.get(key, 0)

    def _with_lanes(self, n: int) -> list[Key]:
        """Return what a column holds, each lane beside the rows that it comes from."""
        lanes = [lane for lane in self._graph.passing if lane.column == n]
        column = enumerate(self._graph.columns[n])
        keys: list[tuple[float, int, Key]] = [(self._share(k), place, k) for place, k in column]
        keys += [(self._share(lane.source), -1, lane) for lane in lanes]
        return [key for *_, key in sorted(keys, key=lambda item: item[:2])]

    def _share(self, key: Key) -> float:
        """Return how far down its column something stands, from 0 to 1."""
        column = self._graph.columns[self._graph.column[key]]
        if self._is_given(key):
            return 2.0  # targets and ones stand below
        return (column.index(key) + 0.5) / sum(not self._is_given(k) for k in column)

    def _is_given(self, key: Key) -> bool:
        return isinstance(key, One) or self._graph.tensor(key).role == "target"

    def _need(self, key: Key) -> float:
        """Return the least height of a row."""
        return _LANE if isinstance(key, Lane) else 2 * self.radius + self._below + 2

    def _height(self, rows: Iterable[Key]) -> float:
        return sum(map(self._need, rows))

    def _sides(self) -> tuple[float, float]:
        """Return how much stands out to the left of the first disc, and right of the last."""
        return self._extent(0) / 2 + _MARGIN, self._extent(len(self._rows) - 1) / 2 + _MARGIN

    def _extent(self, n: int) -> float:
        texts = (self._values, self._signals)
        values = [of[key] for key in self._graph.columns[n] for of in texts if key in of]
        return max([2 * self.radius, *(width(value) * SMALL for value in values)])

    def _least_gaps(self) -> list[float]:
        extents = map(self._extent, range(len(self._rows)))
        return [sum(pair) / 2 + _GAP for pair in pairwise(extents)]

    def _gaps(self) -> list[float]:
        """Return the distances of the columns: more where labels stand on the edges."""
        least, wishes = self._least_gaps(), [70.0] * (len(self._rows) - 1)
        for _, end, edge in self._graph.lines:
            n = self._graph.column[end] - 1
            label = edge_text(self._texts, edge)
            length = 2 * self.radius + width(label) * SMALL + 30 if label else 0.0
            wishes[n] = max(wishes[n], length if edge.weight is None else length + 60)
        wishes = list(map(max, wishes, least))
        spare = WIDEST - sum(self._sides()) - sum(least)
        wanted = sum(wishes) - sum(least)
        part = min(1.0, spare / wanted) if wanted else 0.0
        return [a + part * (b - a) for a, b in zip(least, wishes, strict=True)]

    def _xs(self) -> list[float]:
        xs = [self._sides()[0]]
        for gap in self._gaps():
            xs.append(xs[-1] + gap)
        return xs

    def _headers(self, xs: list[float]) -> tuple[list[Label], float]:
        """Name the columns, in two rows if need be; return what the discs begin under."""
        right, made = xs[-1] + self._sides()[1], list[Label]()
        for n, x in enumerate(xs):
            name = self._header(n)
            half = label_width(Label(x, 0, name)) / 2
            x = min(max(x, half + 1), right - half - 1)
            rows = (Label(x, y, name, -1) for y in (5.0, 15.0))
            free = next((label for label in rows if _is_free(label, made)), None)
            if name and free and half * 2 + 2 < right:
                made.append(free)
        return made, max((label.y for label in made), default=5.0) + 11

    def _header(self, n: int) -> str:
        """Name the tensors of a column, copies included, in the order of the network."""
        names = [name for name, depth in self._graph.depths.items() if depth == n]
        copies = self._graph.merged
        names += [copy for copy, of in copies.items() if _first(of, copies) in names]
        network = self._graph.context.derivation.network
        order = [t.name for t in network.tensors.values() if t.name in names]
        words = {"x": "input", **{n: n.partition(".")[2] for n in order if "." in n}}
        return ", ".join(words.get(name, name) for name in order)

    def _positions(self, xs: list[float], top: float) -> Positions:
        """Return the centres of all discs: columns are centred, and stretched up to a point."""
        tallest = max(map(self._height, self._rows))
        total = min(max(tallest, 40.0 * max(map(len, self._rows))), max(tallest, 300.0))
        positions: Positions = {}
        for x, rows in zip(xs, self._rows, strict=True):
            stretch = min(total / self._height(rows), 1.9)
            y = top + (total - stretch * self._height(rows)) / 2
            for key in rows:
                height = stretch * self._need(key)
                low = 0.0 if isinstance(key, Lane) else self._below / 2
                positions[key] = (x, y + height / 2 - low)
                y += height
        return positions

    def _lines(self, positions: Positions) -> Iterator[LabelledLine]:
        """Draw the edges: losers first, winners on top."""
        r = self.radius
        made = zip(self._graph.lines, self._graph.line_inks, strict=True)
        for (start, end, edge), ink in sorted(made, key=lambda item: _ORDER[item[0][2].kind]):
            (a, b), (c, d) = positions[start], positions[end]
            lanes = [positions[lane] for lane in self._graph.lanes(start, end)]
            bends = [point for x, y in lanes for point in ((x - r, y), (x + r, y))]
            points = ((a + r, b), *bends, (c - r, d))
            thick, dashed = edge.kind == "winner", edge.kind == "loser"
            yield LabelledLine(Line(points, ink, thick, dashed), edge_text(self._texts, edge))

    def _drawn_edges(self) -> list[Edge]:
        """Return the edges in the order in which they are drawn."""
        return sorted((edge for *_, edge in self._graph.lines), key=lambda e: _ORDER[e.kind])


def _signal(texts: Texts, signal: Symbol) -> Formula:
    """Return "δ = 0" or "δ ≈ 0.123457"."""
    value = texts.value(signal)
    relation = () if value.parts[0] == _ROUNDED else ("=",)
    return row(r"\delta", r"\,", *relation, value)


def edge_text(texts: Texts, edge: Edge) -> Formula | None:
    """Return what stands on an edge: its weight or its function."""
    return edge.function if edge.weight is None else texts.symbol(edge.weight)


def _first(name: str, copies: dict[str, str]) -> str:
    while name in copies:
        name = copies[name]
    return name


def _is_free(label: Label, others: Iterable[Label]) -> bool:
    own = label_bounds(label).widened(2)
    return not any(own.meets(label_bounds(other)) for other in others)
