"""The pictures of a window: over its input at one position, and the way back to one weight."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Symbol

from symcnn.document.pictures.grids import Cell, Panel, Spot, beside
from symcnn.document.pictures.texts import Texts
from symcnn.document.pictures.window import Window
from symcnn.document.pictures.window_panels import (
    WEIGHT,
    WINDOW,
    covered_panel,
    entry,
    input_name,
    kernel_inks,
    kernel_panel,
    placed_panel,
)
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.formula.build import row


def window_picture(window: Window) -> Picture | None:
    """Show a convolution's window at one position: input, kernel and result."""
    at = window.position
    inks = {window.met(at, o): ink for o, ink in kernel_inks(window).items()}
    panels = [
        covered_panel(window, input_name(window), window.covered_symbol, inks),
        kernel_panel(window),
        placed_panel(window, window.output.name, window.placed_symbol, {at: WINDOW}),
    ]
    in_words = _window_in_words(window, window.placed_symbol(at))
    return beside(panels, _joints(window.is_whole), in_words)


def path_picture(window: Window) -> Picture | None:
    """Show the way back to one weight: where it was used, and what it met there."""
    if not window.context.derivation.depends_on(window.output):
        return None
    used, met = window.uses, [window.met(p, window.offset) for p in window.positions()]
    panels = [*_met_panels(window, used), Panel("derivative", {(0, 0): _derivative(window)})]
    column = all(spot[1] == 0 for spot in (*window.positions(), *met))
    pairs = [_in_order(window, p, spot) for p, spot in used.items()] if column else []
    in_words = _path_in_words(window, [_product(window, p, spot) for p, spot in used.items()])
    return beside(panels, _joints(not window.other_uses), in_words, pairs)


def _met_panels(window: Window, used: dict[Spot, Spot]) -> list[Panel]:
    """Return the input and the error signals, shaded where they meet at the weight."""
    covered, placed = dict.fromkeys(used.values(), WEIGHT), dict.fromkeys(used, WEIGHT)
    signals, name = f"error signal of {window.output.name}", input_name(window)
    if window.is_transposed:
        return [
            placed_panel(window, name, window.placed_symbol, placed),
            covered_panel(window, signals, lambda spot: _covered_signal(window, spot), covered),
        ]
    return [
        covered_panel(window, name, window.covered_symbol, covered),
        placed_panel(window, signals, lambda p: _placed_signal(window, p), placed),
    ]


def _in_order(window: Window, position: Spot, spot: Spot) -> tuple[Spot, Spot]:
    """Return the place of the input, and that of the error signal."""
    return (position, spot) if window.is_transposed else (spot, position)


def _product(window: Window, position: Spot, spot: Spot) -> tuple[Symbol, Symbol]:
    """Return the error signal and the entry of the input that meet at the weight."""
    if window.is_transposed:
        return _covered_signal(window, spot), window.placed_symbol(position)
    return _placed_signal(window, position), window.covered_symbol(spot)


def _covered_signal(window: Window, spot: Spot) -> Symbol:
    adjoint = window.context.derivation.adjoints[window.output.name]
    return adjoint.symbol(window.covered_position(spot))


def _placed_signal(window: Window, position: Spot) -> Symbol:
    adjoint = window.context.derivation.adjoints[window.output.name]
    return adjoint.symbol(window.placed_position(position))


def _joints(whole: bool) -> tuple[str, str]:
    """Say that products are summed; where more is added, that they have a part in the sum."""
    return "times", "summed" if whole else "part of"


def _sums(whole: bool) -> str:
    return "sums" if whole else "sums, among other terms,"


def slope_symbol(window: Window) -> Symbol:
    """Return the derivative with respect to the weight that is looked at."""
    name = window.tensor(window.weight).name
    _, position = window.context.derivation.entries.locate(window.weight_symbol(window.offset))
    return window.context.derivation.adjoints[name].symbol(position)


def _derivative(window: Window) -> Cell:
    weight = window.texts.symbol(window.weight_symbol(window.offset))
    name = row(r"\partial", window.context.printer.loss, "/", r"\partial", weight)
    return entry(window, slope_symbol(window), WEIGHT)._replace(symbol=name)


def _window_in_words(window: Window, result: Symbol) -> str:
    met = ((o, window.met(window.position, o)) for o in window.offsets())
    products = [
        (window.weight_symbol(o), window.covered_symbol(spot))
        for o, spot in met
        if window.is_inside(spot)
    ]
    what = window.texts.in_words(result)
    return (
        f"A window over its input: {what} {_sums(window.is_whole)} "
        f"{_in_words(window.texts, products)}."
    )


def _path_in_words(window: Window, products: Iterable[tuple[Symbol, Symbol]]) -> str:
    weight = window.texts.in_words(window.weight_symbol(window.offset))
    value = window.texts.value_in_words(slope_symbol(window))
    return (
        f"The way back to the weight {weight}: its derivative{value and f' ({value})'} "
        f"{_sums(not window.other_uses)} {_in_words(window.texts, products)}."
    )


def _in_words(texts: Texts, products: Iterable[tuple[Symbol, Symbol]]) -> str:
    words = (f"{texts.in_words(one)} times {texts.in_words(other)}" for one, other in products)
    return ", ".join(words) or "nothing but padding"
