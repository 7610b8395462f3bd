"""What the picture of a window sums, and what it leaves out of these sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod

from sympy import Indexed, Symbol

from symcnn.document.pictures.texts import others
from symcnn.document.pictures.window import Axis, Window
from symcnn.document.words.words import enumerated
from symcnn.equations import SAMPLE, Equation, affine
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row

MORE = row("+", r"\,", r"\cdots", r"\,", "=")
"""A sign of a sum that has further terms."""


_CHANNELS = 3, 6
"""How many channels are drawn of images, and of sequences, whose channels are columns."""


def siblings(window: Window) -> tuple[Window, ...]:
    """Return the window over each channel that is summed over; this one alone if they are many.

    Those of a transposed convolution are not summed where one entry goes.
    """
    offsets = {axis.offset for axis in window.axes}
    summed = [x for x in window.equation.reduced if x.symbol not in offsets and x.size > 1]
    most = _CHANNELS[len(window.axes) == 1]
    if window.is_transposed or len(summed) != 1 or summed[0].size > most:
        return (window,)
    symbol, at = summed[0].symbol, tuple(window.place(window.placed, window.position))
    every = ({**window.loops, symbol: n} for n in range(int(summed[0].size)))
    chosen = [tuple(affine(e).at(loops) for e in window.weight.indices) for loops in every]
    own = window.loops[symbol]
    return tuple(
        window if n == own else replace(window, chosen=position, at=at)
        for n, position in enumerate(chosen)
    )


def signs(window: Window) -> tuple[Formula, Formula]:
    """Return the signs between the grids, the bias among them if nothing else is added."""
    first = row(r"\times" if window.is_transposed else r"\star")
    if is_complete(window):
        return first, row("=")
    bias = bias_of(window)
    return first, MORE if bias is None else row("+", r"\,", window.texts.symbol(bias), r"\,", "=")


def is_complete(window: Window) -> bool:
    """Tell whether what is drawn is the whole sum."""
    return len(_added(window)) == 1 and _is_drawn(window)


def bias_of(window: Window) -> Symbol | None:
    """Return the bias of the result that is shown, if that is all that is added to the products."""
    others_added = [e for e in _added(window) if e is not window.equation]
    is_alone = len(others_added) == 1 and _is_bias(window, others_added[0])
    return _bias(window, others_added[0]) if is_alone and _is_drawn(window) else None


def _bias(window: Window, equation: Equation) -> Symbol | None:
    """Return the entry of a bias that is added to what is shown, if it is one."""
    value, target = equation.value, equation.target
    assert isinstance(value, Indexed)
    spots = window.met_at(window.position).values() if window.is_transposed else [window.position]
    places = (window.place(window.equation.target, spot) for spot in spots)
    loops = [dict(zip(target.indices, place, strict=True)) for place in places]
    found = {tuple(affine(index).at(at) for index in value.indices) for at in loops}
    return window.tensor(value).symbol(found.pop()) if len(found) == 1 else None


def _is_drawn(window: Window) -> bool:
    """Tell whether all products are drawn: every channel, and of a transposed one every window."""
    if window.is_transposed:
        return window.channels == 1 and not overlap(window)
    return window.channels == len(siblings(window))


def _added(window: Window) -> list[Equation]:
    """Return the equations whose terms make up the result."""
    equations = window.context.derivation.network.equations
    return [e for e in equations if e.target.base == window.equation.target.base]


def _is_bias(window: Window, equation: Equation) -> bool:
    """Tell whether an equation adds one parameter, and nothing else."""
    value = equation.value
    return isinstance(value, Indexed) and window.tensor(value).role == "parameter"


def overlap(window: Window) -> bool:
    """Tell whether an entry of the result lies in the windows of two entries of the input."""
    times = [_times_reached(axis) for axis in window.axes]
    return all(times) and any(max(most) > 1 for most in times)


def _times_reached(axis: Axis) -> list[int]:
    """Count along an axis in how many windows each place lies that is in one."""
    pairs = product(range(axis.positions), range(axis.offsets))
    return list(Counter(axis.place(*pair) for pair in pairs if axis.meets(*pair)).values())


def added(window: Window) -> list[str | Symbol]:
    """Say what is added to the products that are drawn: words, or the symbol of the bias."""
    if (bias := bias_of(window)) is not None:
        return [bias]
    further = [e for e in _added(window) if e is not window.equation]
    channels = not window.is_transposed and len(siblings(window)) < window.channels
    return list(
        _true(
            {
                f"those of {others('channel', window.channels)}": channels,
                "the bias": any(_is_bias(window, e) for e in further),
                "what else is added": not all(_is_bias(window, e) for e in further),
            }
        )
    )


def left_out(window: Window) -> list[str]:
    """Say what the picture of a transposed convolution does not show of its input and output."""
    moving = {symbol for axis in window.axes for symbol in (axis.position, axis.offset)}
    long = {loop.symbol for loop in window.equation.loops if loop.size > 1} - moving - {SAMPLE}
    parts = {
        "the other channels": bool(long & window.placed.free_symbols),
        "the other filters": bool(long & window.covered.free_symbols),
    }
    return [*_true(parts), *(part for part in added(window) if isinstance(part, str))]


_PENALTY = "the penalty in the loss"
"""What adds a single term to the derivative with respect to a weight."""


def further_terms(window: Window) -> str:
    """Say where terms come from that are not drawn, if any; a penalty adds a single one."""
    uses = other_uses(window)
    come = "A further term comes" if uses == [_PENALTY] else "Further terms come"
    return f" {come} from {enumerated(uses)}." if uses else ""


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
            "the positions that are not shown": _is_used_further_on(window),
            "the other uses of the weight": any(role != "loss" for role in targets),
            _PENALTY: "loss" in targets,
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
