"""Where everything stands in the picture of a small network: columns, discs, edges, labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from sympy import Symbol

from symcnn import limits
from symcnn.document.bindings import number_of
from symcnn.document.pictures.below import Look, below
from symcnn.document.pictures.edge_labels import MARGINS, LabelledLine, label_edges
from symcnn.document.pictures.edges import Edge
from symcnn.document.pictures.graph import Graph, Key, Lane, One
from symcnn.document.pictures.network_texts import alt, headers, legend, signals_in_words
from symcnn.document.pictures.texts import Texts
from symcnn.writing.drawing.bounds import Bounds, box_bounds, disc_bounds, label_bounds, line_bounds
from symcnn.writing.drawing.picture import (
    SMALL,
    WIDEST,
    Box,
    Disc,
    Label,
    Line,
    Picture,
    Point,
    Shape,
)
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row
from symcnn.writing.formula.width import width

_HIGHEST = 470.0
_LEAST_RADIUS, _LARGEST_RADIUS = 9.0, 15.0
_LANE, _MARGIN, _GAP = 14.0, 3.0, 8.0
_STRETCH = 1.9
"""How far a column is stretched that is shorter than others."""

_ROOM, _MANY = 6.0, 12
"""What each edge with a label adds to the distance of two columns, and how many edges do."""

_ORDER = {"loser": 0, "plain": 1, "same": 1, "winner": 2}
"""In which order edges are drawn, those on top last."""

Positions = dict[Key, tuple[float, float]]


class Drawn(NamedTuple):
    """A network drawn entry by entry.

    Attributes:
        picture: The picture.
        graph: What it shows.
        look: What it shows below the discs.
        has_weights: Whether all edges that have weights are labelled; else none is.
        has_functions: The same of edges that are functions.
        signal: The letter of error signals.
    """

    picture: Picture
    graph: Graph
    look: Look
    has_weights: bool
    has_functions: bool
    signal: Formula

    @property
    def has_signals(self) -> bool:
        """Whether it shows error signals."""
        return self.look.has_signals


class Layout:
    """Where everything of a network stands."""

    def __init__(self, made: Graph, texts: Texts, look: Look, widest: float = WIDEST) -> None:
        """Work out sizes; nothing has a position yet."""
        self._graph, self._texts, self._look, self._widest = made, texts, look, widest
        entries = [key for key in made.column if isinstance(key, Symbol)]
        self._symbols = dict.fromkeys(made.column, row("1")) | {s: texts.symbol(s) for s in entries}
        self._own = {s: below(texts, look, s, self._ink(s)) for s in entries}
        self._below = max(own.height for own in self._own.values())
        widest = max(width(name) for name in self._symbols.values()) * SMALL
        self.radius = max(_LEAST_RADIUS, widest / 2 + 2.5)
        self._rows = [self._with_lanes(n) for n in range(len(made.columns))]

    @property
    def _margins(self) -> tuple[float, ...]:
        """How far labels keep from others: far, if a wider picture can have all of them."""
        return MARGINS[:2] if self._widest == WIDEST else MARGINS

    def fits(self) -> bool:
        """Tell whether the page is wide and high enough."""
        return (
            self.radius <= _LARGEST_RADIUS
            and max(map(len, self._graph.columns)) <= limits.DRAWN_ROWS
            and max(map(self._height, self._rows)) <= _HIGHEST
            and sum(self._least_gaps()) + sum(self._sides()) <= self._widest
        )

    def drawn(self) -> Drawn:
        """Draw the network."""
        xs = self._xs()
        heads, top = headers(self._graph, xs, xs[-1] + self._sides()[1])
        positions = self._positions(xs, top)
        discs = [
            Disc(*positions[k], self.radius, self._ink(k), figure=number_of(self._symbols[k]))
            for k in self._graph.column
        ]
        names = [Label(*positions[k], name, self._ink(k)) for k, name in self._symbols.items()]
        below = list(self._items_below(positions))
        taken = [_bounds(shape) for shape in below]
        fixed = [*map(label_bounds, heads), *taken, *map(disc_bounds, discs)]
        lines = list(self._lines(positions))
        labels = self._edge_labels(lines, fixed)
        shapes: list[Shape] = [line.line for line in lines]
        shapes += [*discs, *names, *below, *labels, *heads]
        led = [line_bounds(line.line) for line in lines]
        bottom = max(bounds.bottom for bounds in (*fixed, *led))
        width = xs[-1] + self._sides()[1]
        if self._has_signals:
            directions, bottom = legend(width, bottom, fixed)
            shapes += directions
        picture = Picture(width, bottom + _MARGIN, tuple(shapes), self._alt())
        several = self._graph.has_several_weights
        written = {label.text for label in labels}
        unwritten = [e for e in self._drawn_edges() if self._texts.of_edge(e) not in written]
        return Drawn(
            picture,
            self._graph,
            self._look._replace(has_signals=self._has_signals),
            has_weights=not (several or any(e.weight is not None for e in unwritten)),
            has_functions=not any(e.weight is None and e.function is not None for e in unwritten),
            signal=self._texts.letter,
        )

    @property
    def _has_signals(self) -> bool:
        return any(len(own.items) > 1 for own in self._own.values())

    def _alt(self) -> str:
        """Say in words what is shown."""
        signals = {s: own.signal for s, own in self._own.items() if own.signal}
        return alt(self._graph, self._texts) + signals_in_words(self._texts, signals)

    def _items_below(self, positions: Positions) -> Iterator[Label | Box]:
        """Draw what stands below the discs: first what is next to them, then what is below that."""
        for n in (0, 1):
            for key, own in self._own.items():
                x, y = positions[key]
                yield from own.shapes(n, x, y + self.radius + 1)

    def _edge_labels(self, lines: Sequence[LabelledLine], fixed: list[Bounds]) -> list[Label]:
        """Label all edges that have weights, or none; and then all that are functions."""
        made: list[Label] = []
        edges, several = self._drawn_edges(), self._graph.has_several_weights
        for has_weight in (False,) if several else (True, False):
            own = [
                line if (edge.weight is not None) == has_weight else line._replace(text=None)
                for line, edge in zip(lines, edges, strict=True)
            ]
            made += label_edges(own, [*fixed, *map(label_bounds, made)], self._margins)
        return made

    def _ink(self, key: Key) -> int:
        return -1 if isinstance(key, One) else self._graph.inks.get(key, 0)

    def _with_lanes(self, n: int) -> list[Key]:
        """Return what a column holds, each lane where its edges pass if they are straight."""
        column, lanes = self._graph.columns[n], self._graph.passing
        keys: list[tuple[float, Key]] = [(self._height_of(key), key) for key in column]
        keys += [(self._straight(lane), lane) for lane in lanes if lane.column == n]
        return [key for _, key in sorted(keys, key=lambda item: item[0])]

    def _height_of(self, key: Key) -> float:
        """Return where an entry stands in its column without lanes; the middle has the height 0."""
        column = self._graph.columns[self._graph.column[key]]
        tallest = max(map(len, self._graph.columns))
        return (column.index(key) + 0.5 - len(column) / 2) * min(tallest / len(column), _STRETCH)

    def _straight(self, lane: Lane) -> float:
        """Return where the edges of a lane pass its column, on average, if they are straight."""
        first, places = self._graph.column[lane.source], list[float]()
        for start, end, _ in self._graph.lines:
            last = self._graph.column[end]
            if start == lane.source and lane.column < last:
                part = (lane.column - first) / (last - first)
                places.append((1 - part) * self._height_of(start) + part * self._height_of(end))
        return sum(places) / len(places)

    def _need(self, key: Key) -> float:
        """Return the least height of a row."""
        return _LANE if isinstance(key, Lane) else 2 * self.radius + self._below + 2

    def _height(self, rows: Iterable[Key]) -> float:
        return sum(map(self._need, rows))

    def _sides(self) -> tuple[float, float]:
        """Return how much stands out to the left of the first disc, and right of the last."""
        return self._extent(0) / 2 + _MARGIN, self._extent(len(self._rows) - 1) / 2 + _MARGIN

    def _extent(self, n: int) -> float:
        keys = [key for key in self._graph.columns[n] if key in self._own]
        return max([2 * self.radius, *(self._own[key].width for key in keys)])

    def _least_gaps(self) -> list[float]:
        extents = map(self._extent, range(len(self._rows)))
        return [sum(pair) / 2 + _GAP for pair in pairwise(extents)]

    def _gaps(self) -> list[float]:
        """Return the distances of the columns: more where labels stand on many edges."""
        least, wishes = self._least_gaps(), [70.0] * (len(self._rows) - 1)
        labelled = Counter(self._graph.column[e] for _, e, edge in self._graph.lines if edge.weight)
        for _, end, edge in self._graph.lines:
            n = self._graph.column[end] - 1
            room = 60 + _ROOM * min(labelled[n + 1], _MANY)
            label = self._texts.of_edge(edge)
            beside = self._reach(n) + self._reach(n + 1)
            length = beside + width(label) * SMALL + 30 if label else 0.0
            wishes[n] = max(wishes[n], length if edge.weight is None else length + room)
        wishes = list(map(max, wishes, least))
        spare = self._widest - sum(self._sides()) - sum(least)
        wanted = sum(wishes) - sum(least)
        part = min(1.0, spare / wanted) if wanted else 0.0
        return [a + part * (b - a) for a, b in zip(least, wishes, strict=True)]

    def _xs(self) -> list[float]:
        xs = [self._sides()[0]]
        for gap in self._gaps():
            xs.append(xs[-1] + gap)
        return xs

    def _positions(self, xs: list[float], top: float) -> Positions:
        """Return the centres of all discs: columns are centred, and stretched up to a point."""
        tallest = max(map(self._height, self._rows))
        total = min(max(tallest, 40.0 * max(map(len, self._rows))), max(tallest, 300.0))
        positions: Positions = {}
        for x, rows in zip(xs, self._rows, strict=True):
            stretch = min(total / self._height(rows), _STRETCH)
            y = top + (total - stretch * self._height(rows)) / 2
            for key in rows:
                height = stretch * self._need(key)
                low = 0.0 if isinstance(key, Lane) else self._below / 2
                positions[key] = (x, y + height / 2 - low)
                y += height
        return positions

    def _lines(self, positions: Positions) -> Iterator[LabelledLine]:
        """Draw the edges: losers first, winners on top; for a student all alike."""
        made = zip(self._graph.lines, self._graph.line_inks, strict=True)
        for (start, end, edge), ink in sorted(made, key=lambda item: self._order(item[0][2])):
            kind = edge.kind if self._look.is_solved else "plain"
            points = tuple(self._points(positions, start, end))
            line = Line(
                points,
                -1 if isinstance(start, One) else ink,  # a fan of biases stands back
                thick=kind == "winner",
                dashed=kind == "loser",
                link=self._texts.link(edge.target, edge.source, edge.weight),
            )
            last = points[-2:] if self._look.is_solved else points[-3:-1]
            yield LabelledLine(line, self._texts.of_edge(edge), last)

    def _points(self, positions: Positions, start: Key, end: Symbol) -> Iterator[Point]:
        """Lead an edge from disc to disc; it is level beside them until it has passed the boxes."""
        for key in (start, *self._graph.lanes(start, end), end):
            x, y = positions[key]
            column = key.column if isinstance(key, Lane) else self._graph.column[key]
            sides = [x - self._reach(column), x + self._reach(column)]
            if key == start:
                sides[0] = x + self.radius
            elif key == end:
                sides[1] = x - self.radius
            yield from ((side, y) for side in dict.fromkeys(sides))

    def _reach(self, n: int) -> float:
        """Return how far from the middle of a column edges bend: at the discs, or past boxes."""
        return self.radius if self._look.is_solved else self._extent(n) / 2 + 1

    def _drawn_edges(self) -> list[Edge]:
        """Return the edges in the order in which they are drawn."""
        return sorted((edge for *_, edge in self._graph.lines), key=self._order)

    def _order(self, edge: Edge) -> int:
        return _ORDER[edge.kind] if self._look.is_solved else 0


def _bounds(shape: Label | Box) -> Bounds:
    return label_bounds(shape) if isinstance(shape, Label) else box_bounds(shape)
