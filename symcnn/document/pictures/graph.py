"""Entries in columns: who stands where in the picture of a small network.

A column holds what is as many steps away from the input. Entries that are mere copies
share the place of what they copy; an edge that passes a column has a lane there, so that
it meets no disc.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sympy import Symbol

from symcnn.document.context import Context
from symcnn.document.pictures.edges import Edge, Kind, edges
from symcnn.equations import Tensor

Key = Hashable
"""An entry's symbol; the number 1 of a column; or an edge's lane."""


class Lane(NamedTuple):
    """Where the edges from a source pass a column."""

    source: Key
    column: int


class One(NamedTuple):
    """The number 1, from which edges with the biases of a tensor begin."""

    tensor: str


@dataclass(frozen=True, eq=False)
class Graph:
    """The entries and edges of a network.

    Attributes:
        context: The derivation with its numbers.
        every: Every edge, as the equations have them.
    """

    context: Context
    every: tuple[Edge, ...]

    def tensor(self, symbol: Symbol) -> Tensor:
        """Return the tensor of an entry."""
        return self.context.derivation.entries.locate(symbol)[0]

    @cached_property
    def merged(self) -> dict[str, str]:
        """The tensors whose entries are copies, and what they are copies of."""
        into: dict[str, list[Edge]] = {}
        for edge in self.every:
            into.setdefault(self.tensor(edge.target).name, []).append(edge)
        return {name: self._copied(found) for name, found in into.items() if self._copies(found)}

    def _copies(self, found: list[Edge]) -> bool:
        sources = {edge.source for edge in found}
        whole = {self.tensor(s).name: self.tensor(s).size for s in sources if s is not None}
        return (
            all(edge.kind == "same" for edge in found)
            and self.tensor(found[0].target).role != "loss"
            and list(whole.values()) == [len(found)]
            and len(sources) == len(found) == len({edge.target for edge in found})
        )

    def _copied(self, found: list[Edge]) -> str:
        assert found[0].source is not None
        return self.tensor(found[0].source).name

    @cached_property
    def _originals(self) -> dict[Symbol, Symbol]:
        """For every copy what it is a copy of, down to the original."""
        found: dict[Symbol, Symbol] = {}
        for edge in self.every:
            if edge.source is not None and self.tensor(edge.target).name in self.merged:
                found[edge.target] = found.get(edge.source, edge.source)
        return found

    def end(self, symbol: Symbol) -> Symbol:
        """Return the entry at whose place another one is drawn."""
        original: Symbol = self._originals.get(symbol, symbol)
        return original

    @cached_property
    def lines(self) -> tuple[tuple[Key, Symbol, Edge], ...]:
        """Every edge with its ends that is a line of its own; one of several weights has none."""
        return tuple(
            (start, end, edge if len(weights) == 1 else edge._replace(weight=None))
            for (start, end, _), (edge, weights) in self._bundles.items()
        )

    @property
    def has_several_weights(self) -> bool:
        """Whether an edge carries several weights."""
        return any(len(weights) > 1 for _, weights in self._bundles.values())

    @cached_property
    def _bundles(self) -> dict[tuple[Key, Symbol, Kind], tuple[Edge, set[Symbol | None]]]:
        """The first of the edges that have the same ends, and the weights of all of them."""
        found = dict[tuple[Key, Symbol, Kind], tuple[Edge, set[Symbol | None]]]()
        for edge in self.every:
            if self._is_drawn(self.tensor(edge.target)):
                ends = self._start(edge), self.end(edge.target), edge.kind
                found.setdefault(ends, (edge, set()))[1].add(edge.weight)
        return found

    def _is_drawn(self, tensor: Tensor) -> bool:
        """Leave copies out, and what a loss computes for later use alone."""
        idle = tensor.role == "auxiliary" and tensor.name not in self._read
        return not idle and tensor.name not in self.merged

    @cached_property
    def _read(self) -> set[str]:
        return {self.tensor(edge.source).name for edge in self.every if edge.source is not None}

    def _start(self, edge: Edge) -> Key:
        source = edge.source
        return One(self.tensor(edge.target).name) if source is None else self.end(source)

    @cached_property
    def depths(self) -> dict[str, int]:
        """How many steps from the input every tensor is that is drawn."""
        depths: dict[str, int] = {}
        for start, end, _ in self.lines:
            before = self._depth(start, depths)
            name = self.tensor(end).name
            depths[name] = max(depths.get(name, 1), before + 1)
        targets = {t.name for t in self._tensors if t.role == "target"}
        for name in targets:
            readers = [depths[self.tensor(e).name] for s, e, _ in self.lines if self._is(s, name)]
            depths[name] = min(readers, default=1) - 1
        return depths

    def _depth(self, start: Key, depths: dict[str, int]) -> int:
        if not isinstance(start, Symbol) or self.tensor(start).role == "target":
            return 0
        return depths.setdefault(self.tensor(start).name, 0)

    def _is(self, start: Key, name: str) -> bool:
        return isinstance(start, Symbol) and self.tensor(start).name == name

    @property
    def _tensors(self) -> Iterable[Tensor]:
        return self.context.derivation.network.tensors.values()

    @cached_property
    def columns(self) -> list[list[Key]]:
        """The entries, and the numbers 1, of every column from top to bottom."""
        columns: list[list[Key]] = [[] for _ in range(max(self.depths.values()) + 1)]
        for tensor in sorted(self._tensors, key=lambda t: t.role == "target"):
            if tensor.name in self.depths:
                columns[self.depths[tensor.name]] += map(tensor.symbol, _ordered(tensor))
        for start in dict.fromkeys(start for start, _, _ in self.lines):
            if isinstance(start, One):
                columns[self.depths[start.tensor] - 1].append(start)
        return columns

    @cached_property
    def column(self) -> dict[Key, int]:
        """The column of everything that has a place."""
        return {key: n for n, keys in enumerate(self.columns) for key in keys}

    def lanes(self, start: Key, end: Symbol) -> list[Lane]:
        """Return the lanes that an edge passes through."""
        return [Lane(start, n) for n in range(self.column[start] + 1, self.column[end])]

    @cached_property
    def passing(self) -> Counter[Lane]:
        """Every lane, in order."""
        return Counter(lane for start, end, _ in self.lines for lane in self.lanes(start, end))

    @cached_property
    def inks(self) -> Mapping[Key, int]:
        """The colour of every entry: that of its filter, and of what comes of it alone."""
        return _inks(self.lines, self._of_loss)[0]

    @cached_property
    def line_inks(self) -> list[int]:
        """The colours of the edges that are drawn."""
        return _inks(self.lines, self._of_loss)[1]

    @cached_property
    def passes_on(self) -> bool:
        """Whether edges without a weight have the colour of a filter."""
        lines = zip(self.lines, self.line_inks, strict=True)
        return any(ink and edge.weight is None for (*_, edge), ink in lines)

    def _of_loss(self, symbol: Symbol) -> bool:
        """Tell whether an entry is of what the loss computes: it belongs to no filter."""
        stage = self.context.derivation.network.loss_stage
        own = {stage.loss.name, *(tensor.name for tensor in stage.auxiliaries.values())}
        return self.tensor(symbol).name in own


def graph(context: Context) -> Graph:
    """Return the entries and edges of a network."""
    return Graph(context, edges(context))


def _ordered(tensor: Tensor) -> list[tuple[int, ...]]:
    """Order an image's entries channel by channel, and those of each filter together."""
    return sorted(tensor.positions(), key=lambda p: (p[0] if tensor.batched else 0, p[-1], p))


def _inks(
    drawn: Iterable[tuple[Key, Symbol, Edge]], is_bare: Callable[[Symbol], bool]
) -> tuple[dict[Key, int], list[int]]:
    """Colour the edges by their filters, and entries as the edges that arrive, if these agree.

    Args:
        drawn: The edges with their ends.
        is_bare: Whether an entry has no colour, nor what leads to it.
    """
    filters: dict[object, int] = {}
    arriving: dict[Key, set[int]] = {}
    lines = []
    for start, end, edge in drawn:
        if edge.filter is not None:
            ink = 1 + filters.setdefault(edge.filter, len(filters)) % 6
        elif edge.weight is None and not is_bare(end):
            ink = _only(arriving.get(start))
        else:
            ink = 0
        lines.append(ink)
        if not isinstance(start, One):
            arriving.setdefault(end, set()).add(ink)
    return {key: _only(found) for key, found in arriving.items()}, lines


def _only(inks: set[int] | None) -> int:
    return next(iter(inks)) if inks and len(inks) == 1 else 0
