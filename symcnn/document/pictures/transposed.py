"""The window of a transposed convolution: where the products of one entry of the input go."""

from __future__ import annotations

from sympy import Indexed

from symcnn.document.pictures.grids import Spot, beside
from symcnn.document.pictures.texts import others
from symcnn.document.pictures.window import Axis, Window
from symcnn.document.pictures.window_panels import (
    WINDOW,
    covered_panel,
    input_name,
    kernel_inks,
    kernel_panel,
    placed_panel,
)
from symcnn.equations import SAMPLE, Equation, affine
from symcnn.writing.drawing.picture import Picture


def transposed_picture(window: Window) -> Picture | None:
    """Show one entry of the input, the kernel, and the window of the result that it goes into.

    There is no picture of an entry whose products are all cropped.
    """
    at = window.position
    goes = {window.met(at, o): ink for o, ink in kernel_inks(window).items()}
    if not any(map(window.is_inside, goes)):
        return None
    panels = [
        placed_panel(window, input_name(window), window.placed_symbol, {at: WINDOW}),
        kernel_panel(window),
        covered_panel(window, window.output.name, window.covered_symbol, goes),
    ]
    return beside(panels, ("times", "added to"), _in_words(window, at))


def overlap(window: Window) -> bool:
    """Tell whether an entry of the result lies in the windows of two entries of the input."""
    times = [_times_reached(axis) for axis in window.axes]
    return all(times) and any(max(most) > 1 for most in times)


def _times_reached(axis: Axis) -> list[int]:
    """Count along an axis in how many windows each place lies that is in one."""
    form = affine(axis.index)
    counts = [0] * axis.size
    for i in range(axis.positions):
        for u in range(axis.offsets):
            place = int(form.at({axis.position: i, axis.offset: u}))
            if 0 <= place < axis.size:
                counts[place] += 1
    return [count for count in counts if count]


def not_drawn(window: Window) -> dict[str, bool]:
    """Say what has a part in the equation of a transposed convolution and is not drawn."""
    moving = {symbol for axis in window.axes for symbol in (axis.position, axis.offset)}
    long = {loop.symbol for loop in window.equation.loops if loop.size > 1} - moving - {SAMPLE}
    equations = window.context.derivation.network.equations
    added = [e for e in equations if e.target.base == window.equation.target.base]
    samples = window.context.derivation.network.batch or 1
    return {
        others("sample", samples): samples > 1,
        "the other channels": bool(long & window.placed.free_symbols),
        "the other filters": bool(long & window.covered.free_symbols),
        "what else is added to the output": any(
            e is not window.equation and not _is_bias(window, e) for e in added
        ),
        "the bias": any(_is_bias(window, e) for e in added),
        "the entries further on": any(window.cut),
    }


def _is_bias(window: Window, equation: Equation) -> bool:
    """Tell whether an equation adds one parameter, and nothing else."""
    value = equation.value
    return isinstance(value, Indexed) and window.tensor(value).role == "parameter"


def _in_words(window: Window, at: Spot) -> str:
    texts = window.texts
    one = texts.in_words(window.placed_symbol(at))
    met = ((offset, window.met(at, offset)) for offset in window.offsets())
    sums = (
        f"{texts.in_words(window.weight_symbol(offset))} times {one} to "
        f"{texts.in_words(window.covered_symbol(spot))}"
        for offset, spot in met
        if window.is_inside(spot)
    )
    return f"A window of the output, to which the products of {one} are added: {', '.join(sums)}."
