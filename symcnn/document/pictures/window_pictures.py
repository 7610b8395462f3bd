"""The pictures of a window: over its input at one position, and the way back to one weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sympy import Symbol

from symcnn.document.pictures.grids import Cell, Panel, Spot, beside
from symcnn.document.pictures.texts import Texts
from symcnn.document.pictures.window import Window
from symcnn.document.pictures.window_names import title
from symcnn.drawing.picture import Picture
from symcnn.formula.build import row

_WINDOW, _WEIGHT = 1, 2
"""The colours of the window, and of what one weight has to do with."""


def window_picture(window: Window) -> Picture | None:
    """Show the window at one position: input, kernel and result."""
    at = window.position
    result = window.output.symbol(window.output_position(at))
    inks = {o: _WEIGHT if o == window.offset else _WINDOW for o in window.offsets()}
    kernel = {o: _entry(window, window.weight_symbol(o), ink) for o, ink in inks.items()}
    outputs = {
        p: _entry(window, window.output.symbol(window.output_position(p)), _WINDOW * (p == at))
        for p in window.positions()
    }
    panels = [
        _input_panel(window, {window.met(at, o): ink for o, ink in inks.items()}),
        Panel(title(window, window.tensor(window.weight).name, window.weight), kernel),
        Panel(_result_title(window, window.output.name), outputs, _rows_and_columns(window.cut)),
    ]
    in_words = _window_in_words(window, result)
    return beside(panels, _joints(window.is_whole), (in_words, in_words))


def path_picture(window: Window) -> Picture | None:
    """Show the way back to one weight: where it was used, and what it met there."""
    derivation = window.context.derivation
    adjoint = derivation.adjoints[window.output.name]
    symbols = {p: adjoint.symbol(window.output_position(p)) for p in window.positions()}
    if not derivation.depends_on(window.output):
        return None
    met = {p: window.met(p, window.offset) for p in symbols}
    used = {p: spot for p, spot in met.items() if window.is_inside(spot)}
    slopes = {p: _entry(window, symbol, _WEIGHT * (p in used)) for p, symbol in symbols.items()}
    panels = [
        _input_panel(window, dict.fromkeys(used.values(), _WEIGHT)),
        Panel(
            _result_title(window, f"error signal of {window.output.name}"),
            slopes,
            _rows_and_columns(window.cut),
        ),
        Panel("derivative", {(0, 0): _derivative(window)}),
    ]
    column = all(p[1] == 0 for p in met) and all(spot[1] == 0 for spot in met.values())
    pairs = [(spot, p) for p, spot in used.items()] if column else []
    products = [(symbols[p], window.input_symbol(spot)) for p, spot in used.items()]
    alts = _path_in_words(window, products, True), _path_in_words(window, products, False)
    return beside(panels, _joints(not window.other_uses), alts, pairs)


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
    value = window.texts.value(slope_symbol(window))
    return Cell(row(r"\partial", "L", "/", r"\partial", weight), value, _WEIGHT, answer=True)


def _input_panel(window: Window, inks: Mapping[Spot, int]) -> Panel:
    """Return the panel of the input, padding included, as far as it is shown."""
    cells = {
        spot: _entry(window, window.input_symbol(spot), inks.get(spot, 0))
        if window.is_inside(spot)
        else Cell(row("0"), None, inks.get(spot, 0), padding=True)
        for spot in window.input_spots()
    }
    cut = [p < axis.size - 1 for p, axis in zip(max(cells), window.axes, strict=False)]
    tensor = window.tensor(window.read)
    name = "input" if tensor.role == "input" else tensor.name
    return Panel(title(window, name, window.read), cells, _rows_and_columns(cut))


def _result_title(window: Window, name: str) -> str:
    return title(window, name, window.equation.target)


def _entry(window: Window, symbol: Symbol, ink: int) -> Cell:
    texts = window.texts
    return Cell(texts.symbol(symbol), texts.value(symbol), ink, answer=texts.is_answer(symbol))


def _rows_and_columns(cut: Sequence[bool]) -> tuple[bool, bool]:
    return cut[0], len(cut) == 2 and cut[1]


def _window_in_words(window: Window, result: Symbol) -> str:
    met = ((o, window.met(window.position, o)) for o in window.offsets())
    products = [
        (window.weight_symbol(o), window.input_symbol(spot))
        for o, spot in met
        if window.is_inside(spot)
    ]
    what = window.texts.in_words(result)
    return (
        f"A window over its input: {what} {_sums(window.is_whole)} "
        f"{_in_words(window.texts, products)}."
    )


def _path_in_words(window: Window, products: Iterable[tuple[Symbol, Symbol]], solved: bool) -> str:
    weight = window.texts.in_words(window.weight_symbol(window.offset))
    value = f", {window.texts.value_in_words(slope_symbol(window))}," if solved else ""
    return (
        f"The way back to the weight {weight}: its derivative{value} "
        f"{_sums(not window.other_uses)} {_in_words(window.texts, products)}."
    )


def _in_words(texts: Texts, products: Iterable[tuple[Symbol, Symbol]]) -> str:
    words = (f"{texts.in_words(one)} times {texts.in_words(other)}" for one, other in products)
    return ", ".join(words) or "nothing but padding"
