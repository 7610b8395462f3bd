"""The grids of a window's pictures: what it moves over, and an entry for each of its positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sympy import Symbol

from symcnn.document.pictures.grids import Cell, Panel, Spot
from symcnn.document.pictures.window import Window
from symcnn.document.pictures.window_names import title
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
