"""The pictures of a window: at one position, and the way back to one weight.

At a position of a convolution entries of the input are multiplied by the kernel and summed; of a
transposed one the products of one entry go into a window of the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sympy import Expr, Indexed, Symbol

from symcnn.document.pictures.grids import Cell, Panel, Spot
from symcnn.document.pictures.panels import beside
from symcnn.document.pictures.texts import Texts
from symcnn.document.pictures.window import Window
from symcnn.document.pictures.window_sums import MORE, is_complete, other_uses, siblings, signs
from symcnn.equations import SAMPLE, affine
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.formula.build import row

_WINDOW, _WEIGHT = 1, 2
"""The colours of the window, and of what one weight has to do with."""

_Inks = Mapping[Spot, int]
"""The colours of the places that are shaded."""


def window_picture(window: Window) -> Picture | None:
    """Draw a window at one position: input, kernel and result.

    There is no picture of an entry whose products are all cropped, nor of what is too wide.
    """
    at, read, target = window.position, window.read, window.equation.target
    if window.is_transposed and not window.met_at(at):
        return None
    reads, kernels = _channels(window)
    result = [_panel(window, target, _met(window) if window.is_transposed else {at: _WINDOW})]
    if window.is_transposed:
        reads = [_panel(window, read, {at: _WINDOW})]
        return beside((reads, kernels, result), signs(window), _transposed_in_words(window))
    return beside((reads, kernels, result), signs(window), _window_in_words(window))


def _channels(window: Window) -> tuple[list[Panel], list[Panel]]:
    """Return the grids of the input and of the kernel: one for each channel that is summed over.

    The channels of a sequence are the columns of one grid.
    """
    every = siblings(window)
    reads = [_panel(one, one.read, _met(one, one is window)) for one in every]
    kernels = [_kernel(one, one is window) for one in every]
    if len(every) == 1 or len(window.axes) == 2:
        return reads, kernels
    return [_columns(window, window.read, reads)], [_columns(window, window.weight, kernels)]


def _columns(window: Window, read: Indexed, panels: Sequence[Panel]) -> Panel:
    """Put the channels of a sequence beside each other in one grid."""
    cells = {(at, n): cell for n, p in enumerate(panels) for (at, _), cell in p.cells.items()}
    return Panel(_title(window, _what(window, read), read, but="channel"), cells, panels[0].cut)


def _kernel(window: Window, is_own: bool) -> Panel:
    inks = _inks(window, is_own)
    cells = {o: _entry(window, window.symbol(window.weight, o), ink) for o, ink in inks.items()}
    return Panel(_title(window, _what(window, window.weight), window.weight), cells)


def _what(window: Window, read: Indexed) -> str:
    """Say of which tensor a grid is."""
    tensor = window.tensor(read)
    return {"input": "input", "parameter": "kernel"}.get(tensor.role, tensor.name)


def _inks(window: Window, is_own: bool = True) -> _Inks:
    """Return the colours of the kernel: the weight that is followed has its own."""
    at = window.offset if is_own else None
    return {o: _WEIGHT if o == at else _WINDOW for o in window.offsets()}


def _met(window: Window, is_own: bool = True) -> _Inks:
    """Return the colours of what the kernel meets at the position that is shown."""
    inks = _inks(window, is_own)
    return {window.met(window.position, offset): ink for offset, ink in inks.items()}


def path_picture(window: Window) -> Picture | None:
    """Draw the way back to one weight: where it was used, and what it met there."""
    if not window.context.derivation.depends_on(window.output):
        return None
    used, read, target = window.uses, window.read, window.equation.target
    inks = {
        window.covered: dict.fromkeys(used.values(), _WEIGHT),
        window.placed: dict.fromkeys(used, _WEIGHT),
    }
    stacks = [
        [_panel(window, read, inks[read])],
        [_panel(window, target, inks[target], signals=True)],
        [Panel("derivative", {(0, 0): _derivative(window)})],
    ]
    met = [window.met(p, window.offset) for p in window.positions()]
    is_column = all(spot[1] == 0 for spot in (*window.positions(), *met))
    places = [{window.placed: at, window.covered: spot} for at, spot in used.items()]
    pairs = [(place[read], place[target]) for place in places]
    products = [(window.signal(there), window.symbol(read, here)) for here, there in pairs]
    in_words = _path_in_words(window, products)
    signs = row(r"\times"), MORE if other_uses(window) else row("=")
    return beside(stacks, signs, in_words, pairs if is_column else [])


def _panel(window: Window, read: Indexed, inks: _Inks, *, signals: bool = False) -> Panel:
    """Return the grid of what is read or made, as far as it is shown; padding is dashed."""
    is_covered = read == window.covered
    outside = None if window.is_transposed else row("0")
    cells: dict[Spot, Cell] = {}
    for spot in window.covered_spots() if is_covered else window.positions():
        ink = inks.get(spot, 0)
        if is_covered and not window.is_inside(spot):
            cells[spot] = Cell(outside, None, ink, padding=True)
        else:
            symbol = window.signal(spot) if signals else window.symbol(read, spot)
            cells[spot] = _entry(window, symbol, ink)
    cut = window.cut
    if is_covered:
        cut = [p < axis.size - 1 for p, axis in zip(max(cells), window.axes, strict=False)]
    name = _what(window, read)
    what = f"error signal of {name}" if signals else name
    return Panel(_title(window, what, read), cells, (cut[0], len(cut) == 2 and cut[1]))


def _entry(window: Window, symbol: Symbol, ink: int) -> Cell:
    """Return the cell of an entry, open if its value is not told."""
    value = window.texts.value(symbol)
    return Cell(window.texts.symbol(symbol), value, ink, is_open=value is None)


def _derivative(window: Window) -> Cell:
    weight = window.texts.symbol(window.looked_at)
    name = row(r"\partial", window.context.printer.loss, "/", r"\partial", weight)
    return _entry(window, window.slope, _WEIGHT)._replace(symbol=name)


def _title(window: Window, what: str, read: Indexed, but: str = "") -> str:
    """Return what a grid shows: "input, sample 2, channel 1"."""
    named = (f"{kind} {number}" for kind, number in _named(window, read) if kind != but)
    return ", ".join((what, *named))


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


def _window_in_words(window: Window) -> str:
    products = [
        (one.symbol(one.weight, offset), one.symbol(one.covered, spot))
        for one in siblings(window)
        for offset, spot in one.met_at(window.position).items()
    ]
    what = window.texts.in_words(window.symbol(window.placed, window.position))
    return (
        f"A window over its input: {what} {_sums(is_complete(window))} "
        f"{_in_words(window.texts, products)}."
    )


def _transposed_in_words(window: Window) -> str:
    texts = window.texts
    one = texts.in_words(window.symbol(window.placed, window.position))
    sums = (
        f"{texts.in_words(window.symbol(window.weight, offset))} times {one} to "
        f"{texts.in_words(window.symbol(window.covered, spot))}"
        for offset, spot in window.met_at(window.position).items()
    )
    return f"A window of the output, to which the products of {one} are added: {', '.join(sums)}."


def _path_in_words(window: Window, products: Iterable[tuple[Symbol, Symbol]]) -> str:
    weight = window.texts.in_words(window.looked_at)
    value = window.texts.value_in_words(window.slope)
    return (
        f"The way back to {weight}: its derivative{value and f' ({value})'} "
        f"{_sums(not other_uses(window))} {_in_words(window.texts, products)}."
    )


def _sums(is_whole: bool) -> str:
    return "is the sum of" if is_whole else "is a sum whose terms include"


def _in_words(texts: Texts, products: Iterable[tuple[Symbol, Symbol]]) -> str:
    words = (f"{texts.in_words(one)} times {texts.in_words(other)}" for one, other in products)
    return ", ".join(words) or "nothing but padding"
