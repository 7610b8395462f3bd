"""What an equation is by its form alone: a maximum, one term for every entry, what guards say."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Indexed

from symcnn.equations.equation import Equation, Guard, along_axes
from symcnn.equations.reduction import Max


def is_one_to_one(equation: Equation) -> bool:
    """Tell whether every entry of the target has exactly one term, every index bare."""
    axes = [axis for axis in equation.target.indices if axis != 0]
    bare = len(set(axes)) == len(equation.loops) and all(a in equation.sizes for a in axes)
    whole = all(equation.sizes.get(axis, 1) == n for axis, n in along_axes(equation.target))
    return bare and whole and not equation.guards


def is_maximum(equation: Equation) -> bool:
    """Tell whether an equation is a maximum, which needs a routing to be differentiated."""
    return isinstance(equation.reduction, Max)


def further_guards(guards: Sequence[Guard], *reads: Indexed) -> list[Guard]:
    """Return the guards that say more than that these accesses stay in their tensors."""
    said = {Guard(*axis) for read in reads for axis in along_axes(read)}
    return [guard for guard in guards if guard not in said]
