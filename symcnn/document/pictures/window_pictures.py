"""The pictures of a window: at one position, and the way back to one weight.

At a position of a convolution entries of the input are multiplied by the kernel and summed; of a
transposed one the products of one entry go into a window of the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from math import prod

from sympy import Expr, Indexed, Symbol

from symcnn.document.pictures.grids import Cell, Panel, Spot, beside
from symcnn.document.pictures.texts import Texts, others
from symcnn.document.pictures.window import Axis, Window
from symcnn.equations import SAMPLE, Equation, affine
from symcnn.writing.drawing.picture import Picture
from symcnn.writing.formula.build import row

_WINDOW, _WEIGHT = 1, 2
"""The colours of the window, and of what one weight has to do with."""

_Inks = Mapping[Spot, int]
"""The colours of the places that are shaded."""


def window_picture(window: Window) -> Picture | None:
    """Show a window at one position: input, kernel and result.

    There is no picture of an entry whose products are all cropped.
    """
    at, read, target = window.position, window.read, window.equation.target
    kernel = {o: _WEIGHT if o == window.offset else _WINDOW for o in window.offsets()}
    met = {window.met(at, offset): ink for offset, ink in kernel.items()}
    if window.is_transposed and not window.met_at(at):
        return None
    inks: dict[Indexed, _Inks] = {window.covered: met, window.placed: {at: _WINDOW}}
    cells = {o: _entry(window, window.symbol(window.weight, o), ink) for o, ink in kernel.items()}
    panels = [
        _panel(window, read, inks[read]),
        Panel(_title(window, window.tensor(window.weight).name, window.weight), cells),
        _panel(window, target, inks[target]),
    ]
    if window.is_transposed:
        return beside(panels, ("times", "added to"), _transposed_in_words(window))
    return beside(panels, _joints(window.is_whole), _window_in_words(window))


def path_picture(window: Window) -> Picture | None:
    """Show the way back to one weight: where it was used, and what it met there."""
    if not window.context.derivation.depends_on(window.output):
        return None
    used, read, target = window.uses, window.read, window.equation.target
    inks = {
        window.covered: dict.fromkeys(used.values(), _WEIGHT),
        window.placed: dict.fromkeys(used, _WEIGHT),
    }
    panels = [
        _panel(window, read, inks[read]),
        _panel(window, target, inks[target], signals=True),
        Panel("derivative", {(0, 0): _derivative(window)}),
    ]
    met = [window.met(p, window.offset) for p in window.positions()]
    is_column = all(spot[1] == 0 for spot in (*window.positions(), *met))
    places = [{window.placed: at, window.covered: spot} for at, spot in used.items()]
    pairs = [(place[read], place[target]) for place in places]
    products = [(window.signal(there), window.symbol(read, here)) for here, there in pairs]
    in_words = _path_in_words(window, products)
    return beside(panels, _joints(not other_uses(window)), in_words, pairs if is_column else [])


def _panel(window: Window, read: Indexed, inks: _Inks, *, signals: bool = False) -> Panel:
    """Return the grid of what is read or made, as far as it is shown; padding is dashed."""
    tensor, is_covered = window.tensor(read), read == window.covered
    outside = None if window.is_transposed else row("0")
    name = "input" if tensor.role == "input" else tensor.name
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


def _title(window: Window, what: str, read: Indexed) -> str:
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


def _joints(whole: bool) -> tuple[str, str]:
    """Say that products are summed; where more is added, that they have a part in the sum."""
    return "times", "summed" if whole else "part of"


def _sums(whole: bool) -> str:
    return "sums" if whole else "sums, among other terms,"


def _window_in_words(window: Window) -> str:
    products = [
        (window.symbol(window.weight, offset), window.symbol(window.covered, spot))
        for offset, spot in window.met_at(window.position).items()
    ]
    what = window.texts.in_words(window.symbol(window.placed, window.position))
    return (
        f"A window over its input: {what} {_sums(window.is_whole)} "
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
        f"The way back to the weight {weight}: its derivative{value and f' ({value})'} "
        f"{_sums(not other_uses(window))} {_in_words(window.texts, products)}."
    )


def _in_words(texts: Texts, products: Iterable[tuple[Symbol, Symbol]]) -> str:
    words = (f"{texts.in_words(one)} times {texts.in_words(other)}" for one, other in products)
    return ", ".join(words) or "nothing but padding"


def overlap(window: Window) -> bool:
    """Tell whether an entry of the result lies in the windows of two entries of the input."""
    times = [_times_reached(axis) for axis in window.axes]
    return all(times) and any(max(most) > 1 for most in times)


def _times_reached(axis: Axis) -> list[int]:
    """Count along an axis in how many windows each place lies that is in one."""
    pairs = product(range(axis.positions), range(axis.offsets))
    return list(Counter(axis.place(*pair) for pair in pairs if axis.meets(*pair)).values())


def left_out(window: Window) -> list[str]:
    """Say what has a part in the equation and is not drawn where a window is."""
    network = window.context.derivation.network
    samples = network.batch or 1
    parts = {others("sample", samples): samples > 1}
    if not window.is_transposed:
        parts |= {
            others("channel", window.channels): window.channels > 1,
            "the positions further on": any(window.cut),
        }
    else:
        moving = {symbol for axis in window.axes for symbol in (axis.position, axis.offset)}
        long = {loop.symbol for loop in window.equation.loops if loop.size > 1} - moving - {SAMPLE}
        added = [e for e in network.equations if e.target.base == window.equation.target.base]
        is_bias = partial(_is_bias, window)
        others_added = [e for e in added if e is not window.equation]
        parts |= {
            "the other channels": bool(long & window.placed.free_symbols),
            "the other filters": bool(long & window.covered.free_symbols),
            "what else is added to the output": not all(map(is_bias, others_added)),
            "the bias": any(map(is_bias, added)),
            "the entries further on": any(window.cut),
        }
    return _true(parts)


def _is_bias(window: Window, equation: Equation) -> bool:
    """Tell whether an equation adds one parameter, and nothing else."""
    value = equation.value
    return isinstance(value, Indexed) and window.tensor(value).role == "parameter"


def other_uses(window: Window) -> list[str]:
    """Say what has a part in the weight's derivative and is not drawn."""
    derivation, name = window.context.derivation, window.tensor(window.weight).name
    steps = [step for step in derivation.steps if step.of.name == name]
    if not steps:
        return []
    own, *further = sorted(steps, key=lambda step: step.source is not window.equation)
    moving = {axis.position for axis in window.axes}
    beside = {x.symbol: int(x.size) for x in own.equation.reduced if x.symbol not in moving}
    samples, channels = beside.pop(SAMPLE, 1), prod(beside.values())
    targets = [window.tensor(step.source.target).role for step in further]
    return _true(
        {
            others("sample", samples): samples > 1,
            others("channel", channels): channels > 1,
            "the positions further on": _is_used_further_on(window),
            "the other uses of the weight": any(role != "loss" for role in targets),
            "the penalty in the loss": "loss" in targets,
        }
    )


def _is_used_further_on(window: Window) -> bool:
    """Tell whether the weight meets entries at positions that are not shown."""
    pairs = list(zip(window.axes, window.offset, strict=False))
    used = [[p for p in range(axis.positions) if axis.meets(p, u)] for axis, u in pairs]
    further = any(own and own[-1] >= n for own, n in zip(used, window.shown, strict=True))
    return further and all(used)


def _true(parts: Mapping[str, bool]) -> list[str]:
    return [part for part, is_so in parts.items() if is_so]
