"""Mistakes with where a result is written: along a whole axis, or in rows of another length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sympy import Expr

from symcnn.classroom.marking.mistakes.mistake import Mistake, Work, each
from symcnn.equations import Equation, Guard, Loop, affine, entry_at
from symcnn.equations.notation import index, spare_letters


def _everywhere(_: Work, equation: Equation, __: Equation) -> Iterable[Equation]:
    """Write the sum along an axis to all of its entries; along all axes of windows at once, too."""
    target = equation.target
    long = [axis for axis, size in enumerate(target.shape) if size > 1]
    windows = [axis for axis in long if not target.indices[axis].is_Symbol]
    for axis in long:
        other = _over(equation, [axis])
        yield other
        yield replace(other, value=other.value / int(target.shape[axis]))
    if len(windows) > 1:
        yield _over(equation, windows)


def _over(equation: Equation, axes: list[int]) -> Equation:
    letters = spare_letters({loop.symbol.name for loop in equation.loops})
    fresh = {axis: index(next(letters)) for axis in axes}
    target, shape = equation.target, equation.target.shape
    free = (Loop(symbol, int(shape[axis])) for axis, symbol in fresh.items())
    inside = (Guard(target.indices[axis], int(shape[axis])) for axis in axes)
    indices = (fresh.get(axis, i) for axis, i in enumerate(target.indices))
    return replace(
        equation,
        target=target.base[tuple(indices)],
        loops=(*equation.loops, *free),
        guards=tuple(dict.fromkeys((*equation.guards, *inside))),
    )


def _shorter_rows(_: Work, equation: Equation, source: Equation) -> Iterable[Equation]:
    """Lay rows side by side that are only as long as what the windows cover."""
    target = equation.target
    windows = [axis for axis, i in enumerate(target.indices) if not i.is_Symbol and i.free_symbols]
    if equation is source or len(windows) != 2 or windows[1] != windows[0] + 1:
        return
    lengths = [_covered(equation, target.indices[axis]) for axis in windows]
    row, column = (target.indices[axis] for axis in windows)
    if 0 < lengths[1] < target.shape[windows[1]]:
        shape = [*target.shape]
        place = [*target.indices]
        shape[windows[0] : windows[1] + 1] = [1, shape[windows[0]] * shape[windows[1]]]
        place[windows[0] : windows[1] + 1] = [0, row * lengths[1] + column]
        inside = (Guard(row, lengths[0]), Guard(column, lengths[1]))
        entry = entry_at(tuple(place), tuple(shape))
        other = target.base[(*(0,) * (len(shape) - 1), entry)]
        yield replace(equation, target=other, guards=(*equation.guards, *inside))


def _covered(equation: Equation, position: Expr) -> int:
    """Return how many entries all windows cover, without the padding on both sides."""
    form = affine(position)
    bounds = form.bounds(equation.sizes)
    assert bounds is not None, "the sizes of a problem are numbers"
    return int(bounds[1]) + 1 + int(form.constant)


def mistakes() -> Iterator[Mistake]:
    """Return the mistakes of this file."""
    yield Mistake(
        "same value along an axis",
        "The sum or mean along an axis was written to all entries of that axis, as when an array "
        "of length 1 is broadcast. Each entry has a value of its own.",
        each(_everywhere),
    )
    yield Mistake(
        "rows of another length",
        "The result was computed without the entries at the end that no window covers, and its "
        "rows were laid side by side: from the second row on, each entry is in the wrong place.",
        each(_shorter_rows),
    )
