"""Kinks: where the slope of a function jumps, as that of a rectifier does at 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from sympy import Expr, Function, Indexed, IndexedBase, Piecewise
from sympy.core.relational import Relational

from symcnn.equations import Equation
from symcnn.equations.functions import ELEMENTARY, DefinedFunction
from symcnn.equations.values.evaluation import Array
from symcnn.reference.windows import Windows

SMALLEST = 1e-300
"""An entry that nothing rounded is moved by this much: it matters at 0 alone."""

_JUMP = 0.01
"""A slope that changes by this share of itself over so short a way has jumped."""

_SMOOTH = tuple(row.function for row in ELEMENTARY.values() if row.is_smooth)
"""Over a long way their slope changes too: that of exp between -10^12 - 1 and -10^12 + 1."""

Slope = Callable[[Indexed, Array], Array]
"""Returns the slope of every term with respect to one access, at numbers of that access."""


class Kink(NamedTuple):
    """A term whose slope jumps where an entry that it reads is, or nearly there.

    Attributes:
        equation: The equation of the term.
        entry: The entry of its target.
        base: The tensor that is read.
        read: The entry of it.
    """

    equation: Equation
    entry: int
    base: IndexedBase
    read: int


def can_jump(equation: Equation) -> bool:
    """Tell whether a slope may jump; that of a product of entries does not."""
    return any(map(_may_jump, equation.value.atoms(Function, Piecewise, Relational)))


def _may_jump(part: Expr) -> bool:
    """Tell it of a function, of its definition where it has one."""
    if isinstance(part, DefinedFunction):
        definition = part.definition(part.args[0])
        return any(map(_may_jump, definition.atoms(Function, Piecewise, Relational) - {part}))
    return not isinstance(part, _SMOOTH)


def jumps(
    windows: Windows, read: Indexed, numbers: Array, around: float, slope: Slope
) -> Iterator[Kink]:
    """Compare the slopes of every term a little below and a little above one access."""
    below, above = slope(read, numbers - around), slope(read, numbers + around)
    largest = np.maximum(np.abs(below), np.abs(above))
    targets = windows.each(windows.entries)
    for term in np.flatnonzero(np.abs(above - below) > _JUMP * largest):
        place = int(windows.reads[read][term])
        yield Kink(windows.equation, int(targets[term]), read.base, place)
