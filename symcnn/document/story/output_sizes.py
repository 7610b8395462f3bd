"""How long the output of every window is, worked out along each axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from symcnn.document.blocks import Block, Inline, Table, Text, heading, inline, joined, paragraph
from symcnn.document.context import Context
from symcnn.document.words.table import filled
from symcnn.network.stage import Stage
from symcnn.writing.formula import Atom, nodes
from symcnn.writing.formula.build import row

SIDES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""What axes are called, by how many a window slides over."""

_POSITIONS = (
    "Along an axis, the number of positions of a window is the padded length minus the span "
    "of the window, divided by the stride and rounded down{down}, plus 1."
)
_CEILING = (
    "In ceil mode, the quotient is rounded up{up}, unless the last window would begin behind the "
    "input."
)
_SIGNS = {
    "down": (r"\lfloor", r" (written $\lfloor\cdot\rfloor$)"),
    "up": (r"\lceil", r" (written $\lceil\cdot\rceil$)"),
}
"""The signs of rounding, each with what is said where the table has it."""

_SPAN = "The span of a dilated window is its number of entries minus 1, times the dilation, plus 1."
_LAID = (
    "Along an axis, the output of a transposed convolution is as long as the input minus 1, times "
    "the stride, plus the span of the kernel, minus what is cropped."
)
_FURTHER = "Output padding adds entries behind these."
_SAME = 'With the padding "same" the output is as long as the number of positions times the stride.'


def output_sizes(context: Context) -> Iterator[Block]:
    """Work out how long the output of every window is along each axis."""
    windows = [stage for stage in context.derivation.network.stages if stage.windows]
    stages = (
        windows
        if context.tells("listing")
        else [*filter(partial(_is_worth_a_row, context), windows)]
    )
    if not stages:
        return
    laying = [stage for stage in stages if context.operation(stage.output).lays]
    laid = [window for stage in laying for window in stage.windows]
    sentences = {
        _POSITIONS: len(laying) < len(stages),
        _CEILING: any(w.added for stage in stages for w in stage.windows),
        _SPAN: any(w.dilation > 1 < w.kernel for stage in stages for w in stage.windows),
        _LAID: any(window.size == _covered(window) for window in laid),
        _FURTHER: any(window.after < 0 for window in laid),
        _SAME: any(window.size != _covered(window) for window in laid),
    }
    rows = tuple(row for stage in stages for row in _size_rows(stage, lays=stage in laying))
    signs = {part.text for *_, cell in rows for part in _atoms(cell)}
    gaps = {side: told if sign in signs else "" for side, (sign, told) in _SIGNS.items()}
    yield heading(2, "Output sizes")
    said = (filled(_signed(text, gaps)) for text, is_said in sentences.items() if is_said)
    yield paragraph(*joined(said))
    yield Table((("Layer",), ("Axis",), ("Output length",)), rows, "lll")


def _signed(text: str, signs: Mapping[str, str]) -> str:
    """Show beside the words for rounding the signs that the table has."""
    for gap, sign in signs.items():
        text = text.replace(f"{{{gap}}}", sign)
    return text


def _atoms(cell: Text) -> Iterator[Atom]:
    return (
        n
        for part in cell
        if isinstance(part, Inline)
        for n in nodes(part.formula)
        if isinstance(n, Atom)
    )


def _is_worth_a_row(context: Context, stage: Stage) -> bool:
    """Tell whether an output's length is not seen at once, as that of windows side by side is."""
    return context.operation(stage.output).lays or not all(map(_is_plain, stage.windows))


def _is_plain(window: Any) -> bool:
    """Tell whether the output is as long as the input, or windows move by 1 or by their length."""
    if window.dilation > 1 or window.added:
        return False
    if window.stride == 1 and window.positions == window.size:
        return True
    is_whole = (window.size - window.extent) % window.stride == 0
    return window.stride in (1, window.extent) and is_whole and not (window.before or window.after)


def _size_rows(stage: Stage, *, lays: bool) -> Iterator[tuple[Text, ...]]:
    """Work a length out for each axis, once where several axes have the same."""
    found = stage.windows
    sides = SIDES.get(len(found), [f"axis {n + 1}" for n in range(len(found))])
    worked = dict[Inline, list[str]]()
    for side, window in zip(sides, found, strict=True):
        worked.setdefault((_laid if lays else _slid)(window), []).append(side)
    for length, alike in worked.items():
        yield (stage.output.name,), (", ".join(alike),), (length,)


def _slid(window: Any) -> Inline:
    """Return (length + padding - span) / stride + 1 = positions."""
    padding = window.before + window.after - window.added
    padded = row(str(window.size), *(("+", str(padding)) if padding else ()))
    steps = row("(", padded, "-", str(window.extent), ")", "/", str(window.stride))
    if window.added:
        steps = row(r"\lceil", steps, r"\rceil")
    elif (window.padded - window.extent) % window.stride:
        steps = row(r"\lfloor", steps, r"\rfloor")
    return inline(steps, "+", "1", "=", str(window.positions))


def _laid(window: Any) -> Inline:
    """Return (positions - 1) stride + span - padding = length, or positions times stride."""
    stride, padding = str(window.stride), window.before + window.after
    if window.size != _covered(window):
        return inline(str(window.positions), r"\cdot", stride, "=", str(window.size))
    first = row("(", str(window.positions), "-", "1", ")", r"\cdot", stride)
    cropped = ("-" if padding > 0 else "+", str(abs(padding))) if padding else ()
    return inline(first, "+", str(window.extent), *cropped, "=", str(window.size))


def _covered(window: Any) -> int:
    """Return how much of the output kernels cover that are laid down at all positions."""
    covered = (window.positions - 1) * window.stride + window.extent
    return int(covered - window.before - window.after)
