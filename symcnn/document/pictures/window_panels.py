"""The grids of a window's pictures: what it moves over, and an entry for each of its positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sympy import Expr, Indexed, Symbol

from symcnn.document.pictures.grids import Cell, Panel, Spot
from symcnn.document.pictures.window import Window
from symcnn.equations import SAMPLE, affine
from symcnn.writing.formula.build import row

WINDOW, WEIGHT = 1, 2
"""The colours of the window, and of what one weight has to do with."""

Symbols = Callable[[Spot], Symbol]
"""The symbol at a place."""

Inks = Mapping[Spot, int]
"""The colours of the places that are shaded."""


def covered_panel(window: Window, name: str, symbols: Symbols, inks: Inks) -> Panel:
    """Return the grid that the window moves over, as far as it is shown, padding dashed."""
    outside = None if window.is_transposed else row("0")
    cells = {
        spot: entry(window, symbols(spot), inks.get(spot, 0))
        if window.is_inside(spot)
        else Cell(outside, None, inks.get(spot, 0), padding=True)
        for spot in window.covered_spots()
    }
    cut = [p < axis.size - 1 for p, axis in zip(max(cells), window.axes, strict=False)]
    return Panel(title(window, name, window.covered), cells, _rows_and_columns(cut))


def placed_panel(window: Window, name: str, symbols: Symbols, inks: Inks) -> Panel:
    """Return the grid with an entry for each position of the window, as far as it is shown."""
    cells = {p: entry(window, symbols(p), inks.get(p, 0)) for p in window.positions()}
    return Panel(title(window, name, window.placed), cells, _rows_and_columns(window.cut))


def kernel_panel(window: Window) -> Panel:
    """Return the kernel, with the weight that is looked at in its colour."""
    inks = kernel_inks(window)
    cells = {o: entry(window, window.weight_symbol(o), ink) for o, ink in inks.items()}
    return Panel(title(window, window.tensor(window.weight).name, window.weight), cells)


def kernel_inks(window: Window) -> dict[Spot, int]:
    """Return the colours of the kernel's places."""
    return {o: WEIGHT if o == window.offset else WINDOW for o in window.offsets()}


def input_name(window: Window) -> str:
    """Return what the tensor is called that meets the weights."""
    return "input" if window.input.role == "input" else window.input.name


def entry(window: Window, symbol: Symbol, ink: int) -> Cell:
    """Return the cell of an entry, open if its value is not told."""
    value = window.texts.value(symbol)
    return Cell(window.texts.symbol(symbol), value, ink, is_open=value is None)


def _rows_and_columns(cut: Sequence[bool]) -> tuple[bool, bool]:
    return cut[0], len(cut) == 2 and cut[1]


def title(window: Window, what: str, read: Indexed) -> str:
    """Return what a grid shows: "input, channel 1, sample 2"."""
    return ", ".join((what, *(f"{kind} {number}" for kind, number in _named(window, read))))


def _named(window: Window, read: Indexed) -> Iterator[tuple[str, int]]:
    """Run over the axes that a grid is a slice of, each with the place of the slice."""
    first = window.context.style.index_base
    moving = {symbol for axis in window.axes for symbol in (axis.position, axis.offset)}
    for index, size in zip(read.indices, read.shape, strict=True):
        if size > 1 and not index.free_symbols & moving:
            yield _kind(window, index), int(affine(index).at(window.fixed)) + first


def _kind(window: Window, index: Expr) -> str:
    """Say what an index counts: samples, the filters of the result, or channels of the input."""
    if index == SAMPLE:
        return "sample"
    target = window.equation.target
    of_result = index.free_symbols <= target.free_symbols - window.read.free_symbols
    return "filter" if of_result or index in target.indices else "channel"
