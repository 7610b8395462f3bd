"""Random numbers for entries, each independent of the others: what formulas are read back at.

There an expression is equal to what is printed for it only if both are the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, IndexedBase, Symbol

from symcnn.derivation.entries import LongEntries, Place
from symcnn.equations import (
    Equation,
    Tensor,
    accesses,
    entry_at,
    is_counted,
    is_position,
    meeting,
    strides,
)
from symcnn.equations.assignments import Selected, admitted, entry_form
from symcnn.equations.values.evaluation import Array
from symcnn.network.network import Network
from symcnn.reference import FLOATS, evaluate
from symcnn.reference.windows import Windows
from symcnn.writing.reading.names import Named, Places


class Draw(NamedTuple):
    """Which numbers are drawn, and between what they lie."""

    seed: int
    low: float
    high: float


_POSITIVE, *_OTHERS = (Draw(0, 0.1, 0.9), *(Draw(seed, -0.9, 0.9) for seed in range(1, 6)))


def draws(*, branches: bool) -> tuple[Draw, ...]:
    """Return where formulas are tried: where all functions have a value, and on both sides of 0.

    Args:
        branches: Whether comparisons of entries choose between parts of a formula.
    """
    return (_POSITIVE, *_OTHERS) if branches else (_POSITIVE, _OTHERS[0])


_MOVED = 1e-12

_MOST_KEPT = 2**14
"""The entries of a tensor whose numbers are all drawn at once."""


class Drawn(dict[Any, Any]):
    """The numbers of entries by their symbols, drawn when they are asked for."""

    def __init__(
        self,
        network: Network,
        locate: Callable[[Symbol], Place],
        draw: Draw,
        *,
        moved: bool = False,
    ) -> None:
        """Take what finds entries, and which numbers they get.

        Args:
            network: Whose entries they are.
            locate: Finds an entry by its symbol.
            draw: Which numbers they are.
            moved: Whether they are moved by more than rounding moves what follows from them.
        """
        self._network, self._locate, self._draw, self._moved = network, locate, draw, moved
        self._arrays = dict[str, Array]()
        self._figures: Mapping[Symbol, float] = {}

    def __missing__(self, symbol: Symbol) -> float:
        """Return the number of an entry."""
        if symbol in self._figures:
            return self._near(self._figures[symbol])
        tensor, position = self._locate(symbol)
        return float(self._at(tensor, position))

    def has(self, tensor: Tensor) -> bool:
        """Tell whether there are arrays of entries, and no entry has a figure of its own."""
        return not self._figures

    def some(self, tensor: Tensor, entries: Array) -> Array:
        """Return the numbers of some entries of a tensor."""
        if self._is_scattered(tensor):
            return self._scattered(tensor, entries)
        return np.asarray(np.ravel(self._array(tensor))[entries])

    def _at(self, tensor: Tensor, places: Places | tuple[int, ...]) -> Array:
        """Return the numbers of entries by their places along each axis."""
        if self._is_scattered(tensor):
            return self._scattered(tensor, entry_at(places, tensor.shape))  # type: ignore[arg-type]
        return np.asarray(self._array(tensor)[places])

    def _is_scattered(self, tensor: Tensor) -> bool:
        """Tell whether each number is made where it is read: formulas read few of so many."""
        is_whole = tensor.name in self._network.indexing or is_counted(tensor.base)
        return bool(tensor.size > _MOST_KEPT) and not is_whole

    def _scattered(self, tensor: Tensor, entries: Any) -> Array:
        seed, low, high = self._draw
        key, shape = crc32(tensor.name.encode()), (int(tensor.size),)
        drawn = Scattered(shape, (seed, key), low, high).at((entries,))
        if not self._moved:
            return drawn
        signs = 2 * Scattered(shape, (seed, key + 1), 0, 2, whole=True).at((entries,)) - 1
        return np.asarray(drawn * (1 + _MOVED * signs))

    def _array(self, tensor: Tensor) -> Array:
        """Return the numbers of a tensor; of one that holds indices, some, and of positions all."""
        if tensor.name not in self._arrays:
            self._arrays[tensor.name] = self._drawn(tensor)
        return self._arrays[tensor.name]

    def _drawn(self, tensor: Tensor) -> Array:
        random = np.random.default_rng([self._draw.seed, crc32(tensor.name.encode())])
        shape = tuple(int(size) for size in tensor.shape)
        if is_counted(tensor.base):
            return np.arange(float(shape[0]))
        lengths = self._network.indexing
        if tensor.name in lengths:
            return random.integers(0, int(lengths[tensor.name]), shape).astype(float)
        drawn = random.uniform(self._draw.low, self._draw.high, shape)
        return drawn * (1 + _MOVED * random.choice((-1, 1), shape)) if self._moved else drawn

    def _near(self, figure: float) -> float:
        sign = 1 if crc32(str(figure).encode()) % 2 else -1
        return figure * (1 + sign * _MOVED) if self._moved else figure

    def with_figures(self, figures: Mapping[Symbol, float]) -> Drawn:
        """Return the same, but for some entries that have numbers already."""
        made = Drawn(self._network, self._locate, self._draw, moved=self._moved)
        made._arrays, made._figures = self._arrays, figures
        return made

    def number(self, expression: Expr) -> float:
        """Return the value of an expression of entries; no number if it has none."""
        try:
            return float(np.real(evaluate(expression, self, FLOATS)))
        except ArithmeticError:
            return float("nan")

    def named(self, entries: LongEntries) -> Callable[[Tensor], Named]:
        """Return what gives tensors as they are read, those of a maximum's shares by its terms."""

        def of(tensor: Tensor) -> Named:
            shape = tuple(int(size) for size in tensor.shape)
            if tensor.role == "selector":
                return named(tensor, shape, partial(self._shares, entries, tensor))
            return named(tensor, shape, partial(self._at, tensor))

        return of

    def _shares(self, entries: LongEntries, tensor: Tensor, places: Places) -> Array:
        """Return the shares of the terms of a maximum in it, which follow from the terms."""
        source = entries.source(tensor)
        if not self._figures and not any(map(is_position, accesses(source.value))):
            tensors = {own.base: own for own in self._network.tensors.values()}
            return routed(
                source, [*map(np.asarray, places)], lambda base, at: self.some(tensors[base], at)
            )
        flat = [place.ravel().tolist() for place in places]
        expressions = (entries.scalar(tensor.base[at]) for at in zip(*flat, strict=True))
        numbers = [self.number(expression) for expression in expressions]
        return np.array(numbers, dtype=float).reshape(places[0].shape)


def named(tensor: Tensor, shape: tuple[int, ...], values: Callable[[Places], Array]) -> Named:
    """Return a tensor as it is read, with indices along its long axes."""
    shown = tuple(axis for axis, size in enumerate(tensor.shape) if size != 1)
    return Named(tensor.name, shape, shown, values)


_GOLDEN, _FIRST, _SECOND = map(
    np.uint64, (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


class Scattered(NamedTuple):
    """The numbers of a tensor, each made from its place: none of them is kept.

    A tensor may have more entries than the memory holds, of which a formula reads few.

    Attributes:
        shape: Its lengths.
        key: What its numbers depend on, beside their places.
        low: The lowest number.
        high: What all numbers are less than.
        whole: Whether they are whole numbers.
    """

    shape: tuple[int, ...]
    key: tuple[int, int]
    low: float
    high: float
    whole: bool = False

    def at(self, places: Places) -> Array:
        """Return the numbers of entries."""
        place = _started(self.key)
        for part in places:
            place = _mixed(place + np.asarray(part).astype(np.uint64))
        shape = np.broadcast_shapes(*map(np.shape, places))
        share = (place >> np.uint64(11)).reshape(shape) * 2.0**-53
        numbers = self.low + share * (self.high - self.low)
        return np.asarray(np.floor(numbers) if self.whole else numbers)


@lru_cache(1024)
def _started(key: tuple[int, int]) -> NDArray[np.uint64]:
    """Return what the places of entries are mixed into."""
    state = np.zeros((1,), dtype=np.uint64)
    for part in key:
        state = _mixed(state + np.uint64(part))
    return state


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the next number of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014)."""
    state = state + _GOLDEN
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))


def routed(
    equation: Equation, places: Sequence[Array], numbers: Callable[[IndexedBase, Array], Array]
) -> Array:
    """Return R[loops] = d(max)/d(term) at some values of the loops; 0 where there is no term.

    Args:
        equation: The equation of the maximum.
        places: The values of its loops, each in an array.
        numbers: Gives the numbers of some entries of a tensor that the terms read.
    """
    symbols, sizes = zip(*((loop.symbol, int(loop.size)) for loop in equation.loops), strict=True)
    columns = {s: place.ravel() for s, place in zip(symbols, places, strict=True)}
    kept = admitted(equation, columns, places[0].ravel().shape)
    shares = np.zeros(kept.size)
    target = equation.target
    entries = np.broadcast_to(entry_form(target).at(columns), kept.shape)[kept]
    if entries.size:
        listed = Selected(equation, meeting(equation, target, np.unique(entries)))
        windows = Windows(equation, listed)
        known = {read: numbers(read.base, at) for read, at in windows.reads.items()}
        terms = np.broadcast_to(evaluate(equation.value, known, FLOATS), (windows.count,))

        def counted(at: dict[object, Array]) -> Array:
            pairs = zip(symbols, strides(sizes), strict=True)
            return np.asarray(sum(at[symbol] * step for symbol, step in pairs))

        own = counted({**listed.columns})[listed.order]
        order = np.argsort(own)
        found = order[np.searchsorted(own[order], counted({**columns})[kept])]
        shares[kept] = windows.weights(terms, FLOATS)[found]
    return shares.reshape(places[0].shape)
