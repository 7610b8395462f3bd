"""Recurrences: tensors that are computed from their own entries at earlier steps of an axis.

    h[t, k]  <-  f(x[t, c], h[t - 1, j])

Entries before the first step are outside of the tensor: terms that read them are omitted. Steps
may also run from the last one to the first, where h[t + 1, j] is read. With a letter of steps the
equations stay as they are; with a number, every step gets tensors of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol, sympify

from symcnn.equations.access import accesses
from symcnn.equations.equation import Equation, define
from symcnn.equations.tensor import Tensor

Reads = dict[IndexedBase, dict[IndexedBase, None]]
"""For each tensor that has equations, the others of them that it is computed from."""


@dataclass(frozen=True)
class Recurrence:
    """Tensors that are computed from each other step by step.

    Attributes:
        order: The tensors in the order in which one step computes them.
        axis: The axis of all of them that the steps run along.
        back: Whether the steps run from the last one to the first.
    """

    order: tuple[IndexedBase, ...]
    axis: int
    back: bool


def recurrences(equations: Sequence[Equation], reads: Reads) -> Iterator[Recurrence | None]:
    """Run over the groups of tensors computed from each other; None stands for what no steps do."""
    reached = {base: _reached(base, reads) for base in reads}
    left = [base for base in reads if base in reached[base]]
    while left:
        group = [base for base in left if base in reached[left[0]] and left[0] in reached[base]]
        left = [base for base in left if base not in group]
        own = [equation for equation in equations if equation.target.base in group]
        axes = range(min(len(equation.target.indices) for equation in own))
        yield next(filter(None, (_along(group, own, axis) for axis in axes)), None)


def _reached(base: IndexedBase, reads: Reads) -> set[IndexedBase]:
    """Return what a tensor is computed from, directly or not."""
    found, waiting = set[IndexedBase](), [*reads[base]]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += reads[one]
    return found


def _along(
    group: Sequence[IndexedBase], equations: Sequence[Equation], axis: int
) -> Recurrence | None:
    """Return the recurrence along an axis, if each entry is made of earlier steps and its own."""
    lags, at_once = list[Expr](), {base: set[IndexedBase]() for base in group}
    for equation in equations:
        step = equation.target.indices[axis]
        own = [read for read in accesses(equation.value) if read.base in at_once]
        if not isinstance(step, Symbol):
            return None
        lags += [step - read.indices[axis] for read in own]
        at_once[equation.target.base] |= {r.base for r in own if r.indices[axis] == step}
    if not all(lag.is_Integer for lag in lags) or min(lags) < 0 < max(lags):
        return None
    try:
        order = [*TopologicalSorter(at_once).static_order()]
    except CycleError:
        return None
    return Recurrence(tuple(order), axis, back=min(lags) < 0)


def step_by_step(
    recurrence: Recurrence,
    equations: Sequence[Equation],
    steps: Mapping[IndexedBase, Sequence[Tensor]],
) -> tuple[Equation, ...]:
    """Write a recurrence out, every step with tensors of its own.

    Args:
        recurrence: The tensors.
        equations: The equations that define them, and others.
        steps: For each of them, the tensors of its steps.

    Returns:
        The equations of all steps, those that put the steps together for others that read the
        whole, and these others.
    """
    by_base = {base: [e for e in equations if e.target.base == base] for base in steps}
    others = [e for e in equations if e.target.base not in steps]
    read = {access.base for e in others for access in accesses(e.value)}
    numbers = range(len(steps[recurrence.order[0]]))[:: -1 if recurrence.back else 1]
    every = (
        _at(equation, recurrence.axis, step, steps)
        for step in numbers
        for base in recurrence.order
        for equation in by_base[base]
    )
    wholes = (
        _whole(own[0].target, tensor, recurrence.axis, step)
        for base, own in by_base.items()
        for step, tensor in enumerate(steps[base] if base in read else ())
    )
    return (*filter(None, every), *wholes, *others)


def _whole(target: Indexed, tensor: Tensor, axis: int, step: int) -> Equation:
    """Return the equation that puts a step into the whole."""
    own = _rest(target.indices, axis)
    at = tuple(Integer(step) if n == axis else i for n, i in enumerate(target.indices))
    return define(target.base[at], tensor[own or (0,)])


def _rest(indices: Sequence[Expr], axis: int) -> tuple[Expr, ...]:
    return (*indices[:axis], *indices[axis + 1 :])


def _at(
    equation: Equation, axis: int, step: int, steps: Mapping[IndexedBase, Sequence[Tensor]]
) -> Equation | None:
    """Return an equation at one step, if its terms read no step that there is not."""
    put = {equation.target.indices[axis]: Integer(step)}
    reads = dict[Indexed, Indexed]()
    for read in accesses(equation.value):
        at = tuple(index.xreplace(put) for index in read.indices)
        if read.base not in steps:
            reads[read] = read.base[at]
        elif 0 <= at[axis] < len(steps[read.base]):
            reads[read] = _entry(steps[read.base][int(at[axis])], at, axis)
        else:
            return None
    guards = [(sympify(g.expression).xreplace(put), g.size) for g in equation.guards]
    if any(expression.is_Integer and not 0 <= expression < n for expression, n in guards):
        return None
    inside = [one for one in guards if not one[0].is_Integer]
    over = {symbol: n for symbol, n in equation.sizes.items() if symbol not in put}
    target = _entry(steps[equation.target.base][step], equation.target.indices, axis)
    value = equation.value.xreplace(reads)
    return define(target, value, over=over, inside=inside, reduction=equation.reduction)


def _entry(tensor: Tensor, at: Sequence[Expr], axis: int) -> Indexed:
    """Return the entry of a step's tensor at the indices of the whole; of none, its only one."""
    return tensor[_rest(at, axis) or (0,)]
