"""What the axes of kernels are, read off the equations: w[u, v, c, k] with x[i_u, j_v, c]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sympy import Expr, Symbol

from symcnn.document.story.output_sizes import SIDES
from symcnn.document.theorems import letters
from symcnn.equations import Equation, accesses
from symcnn.network.stage import Stage


class _Axes(NamedTuple):
    """Along how many axes a kernel slides, and whether it reads a group of the channels."""

    sides: int
    is_grouped: bool


def kernel_axes(stages: Sequence[Stage]) -> str:
    """Say what the axes of the stages' kernels are; nothing if one has others, or others' order."""
    found = [_axes(stage) for stage in stages]
    known = [axes for axes in found if axes is not None and axes.sides in SIDES]
    if not known or len(known) < len(found):
        return ""
    sides = {SIDES[axes.sides] for axes in known}
    window = "the axes of its window" if len(sides) > 1 else f"its {' and '.join(*sides)}"
    group = " of a group" if any(axes.is_grouped for axes in known) else ""
    return f" The axes of a kernel are {window}, the input channels{group} and the filters."


def has_a_kernel(stage: Stage) -> bool:
    """Tell whether the weights of a stage are those of a window, in the usual order."""
    axes = _axes(stage)
    return axes is not None and axes.sides in SIDES


def _axes(stage: Stage) -> _Axes | None:
    """Return the axes of a kernel if they are those of the window, a channel and a filter."""
    kernels = {tensor.base for tensor in stage.parameters.values()}
    equation, own = stage.equations[0], letters(stage.equations, kernels, ())
    taps = tuple(window.terms[1][1] for window in own.windows)
    reads = accesses(equation.value)
    inputs = [read for read in reads if read.base not in kernels]
    weights = [read for read in reads if read.base in kernels]
    if len(inputs) != 1 or len(weights) != 1:
        return None
    indices, (read,) = weights[0].indices, inputs
    if len(indices) != len(taps) + 2 or not _are_of(equation, indices[:-2], taps):
        return None
    *_, channel, filters = indices
    if channel not in read.indices[-1].free_symbols or filters != equation.target.indices[-1]:
        return None
    return _Axes(len(taps), read.indices[-1] != channel)


def _are_of(equation: Equation, axes: Sequence[Expr], taps: Sequence[Symbol]) -> bool:
    """Tell whether axes are those of a window: its taps, or indices of their own as long as these.

    Where each row of a kernel meets each row of a window, the two have an index each.
    """
    sizes = equation.sizes
    return all(
        axis == tap or (axis not in taps and sizes.get(axis) == sizes[tap])
        for axis, tap in zip(axes, taps, strict=True)
    )
