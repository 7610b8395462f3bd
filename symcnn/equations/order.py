"""What equations may define and read, and in which order they are evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import prod
from typing import Any

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Integer, S, Symbol, sympify

from symcnn import limits
from symcnn.equations.access import Access, accesses
from symcnn.equations.affine import affine
from symcnn.equations.assignments import Assignments
from symcnn.equations.equation import Equation, define, grouped
from symcnn.equations.reduction import Mean, Sum
from symcnn.equations.sizes import is_symbolic, letters_in
from symcnn.equations.tensor import Tensor, is_counted
from symcnn.errors import SymcnnError, shown

# Recurrences: tensors that are computed from their own entries at earlier steps of an axis.


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


def listed(made: Any) -> tuple[Equation, ...]:
    """Return what a layer's or a loss's forward gives as a tuple of equations.

    Raises:
        SymcnnError: If it is anything else.
    """
    equations = tuple(made) if isinstance(made, Iterable) else (made,)
    if not all(isinstance(equation, Equation) for equation in equations):
        raise SymcnnError(
            f"forward returns {shown(str(made))}: return a tuple of equations, each created by "
            "define"
        )
    return equations


def ordered(equations: Sequence[Equation]) -> tuple[Equation, ...]:
    """Return equations so that all of a tensor's come before those that read it.

    Equations that already stand so stay as they are.

    Those of a recurrence stand as one step computes them, and read what earlier steps have made.

    Raises:
        SymcnnError: If a tensor is computed from itself, other than step by step.
    """
    reads = _reads(equations)
    if _is_ordered(equations, reads):
        return tuple(equations)
    for one in recurring(equations):
        place = {base: n for n, base in enumerate(one.order)}
        for base in one.order:
            earlier = (read for read in reads[base] if place.get(read, -1) < place[base])
            reads[base] = dict.fromkeys(earlier)
        for base in reads.keys() - place.keys():
            if reads[base].keys() & place.keys():  # what reads one comes after all of them
                reads[base] |= dict.fromkeys(one.order)
    try:
        order = [*TopologicalSorter(reads).static_order()]
    except CycleError as error:
        way = " from ".join(str(base) for base in reversed(error.args[1]))
        raise SymcnnError(
            f"{way}: a tensor cannot be computed from itself: give each step an auxiliary of its "
            "own, or write the sum that the steps make"
        ) from error
    return tuple(sorted(equations, key=lambda equation: order.index(equation.target.base)))


def recurring(equations: Sequence[Equation]) -> list[Recurrence]:
    """Return the recurrences among equations, of tensors that are computed step by step."""
    reads = _reads(equations)
    if _is_ordered(equations, reads):
        return []
    return [one for one in recurrences(equations, reads) if one is not None]


def complete(equations: Sequence[Equation], made: Iterable[Tensor]) -> tuple[Equation, ...]:
    """Return the equations that have terms, and T = 0 for every tensor that is left without."""
    kept = without_empty(equations)
    defined = {equation.target.base for equation in kept}
    zeros = (define(t[t.indices], S.Zero) for t in made if t.base not in defined)
    return (*zeros, *kept)


def without_empty(equations: Iterable[Equation]) -> tuple[Equation, ...]:
    """Return the equations that have terms."""
    return tuple(equation for equation in equations if not _is_empty(equation))


def _is_empty(equation: Equation) -> bool:
    """Tell whether the guards leave no term at all; large equations are known by one guard."""
    if any(affine(g.expression).never_within(g.size, equation.sizes) for g in equation.guards):
        return True
    bounds = (bound for guard in equation.guards for bound in (guard.expression, guard.size))
    is_small = not letters_in(equation.terms, *bounds) and equation.terms <= limits.COVERED_TERMS
    return bool(equation.guards) and is_small and not Assignments(equation).count


def check_own(
    equations: Sequence[Equation], made: Collection[Tensor], given: Collection[Tensor]
) -> None:
    """Refuse equations that are not about what a layer or a loss has.

    Args:
        equations: The equations.
        made: What they may define: the output and the auxiliaries.
        given: What else they may read.

    Raises:
        SymcnnError: If one defines or reads another tensor, if a constant is made of what is
            none, or if a reduction is not the whole of what it defines.
    """
    own = {t.base for t in made}
    known = own | {base for t in (*made, *given) for base in (t.base, t.of_all_samples.base)}
    constants = {t.base for t in made if t.role == "constant"}
    targets = [equation.target.base for equation in equations]
    for equation in equations:
        target, read = equation.target, [r.base for r in accesses(equation.value)]
        if target.base not in own:
            raise SymcnnError(
                f"{target} belongs to another layer: define only the output and the auxiliaries"
            )
        if foreign := [base for base in read if base not in known and not is_counted(base)]:
            raise SymcnnError(
                f"{target} reads {foreign[0]}, which belongs to another layer: add that layer to "
                "inputs"
            )
        if target.base in constants and (
            moving := [b for b in read if b not in constants and not is_counted(b)]
        ):
            raise SymcnnError(
                f"{target} is declared constant, but is computed from {moving[0]}: remove "
                "constant=True"
            )
        if not isinstance(equation.reduction, Sum):
            _check_reduction(equation, targets.count(target.base) == 1)


def _check_reduction(equation: Equation, alone: bool) -> None:
    """Refuse what has no one meaning for a reduction of terms that is no sum.

    The derivative of a maximum and of a log-sum-exp holds their result, so it must be an
    entry; and nothing is the maximum, or the mean, of no terms.
    """
    target, name = equation.target, type(equation.reduction).__name__
    if not (alone or isinstance(equation.reduction, Mean)):
        raise SymcnnError(
            f"{target} is a {name} and has other equations: compute the {name} in an auxiliary"
        )
    whole = Access.of(target, equation.sizes).reshaped is not None
    if whole and not equation.guards:
        return
    if is_symbolic(equation.terms):
        _check_for_all_sizes(equation, whole)
        return
    if equation.terms > limits.COVERED_TERMS:
        return
    counts = np.bincount(Assignments(equation).targets, minlength=prod(map(int, target.shape)))
    if not counts.all():
        raise SymcnnError(
            f"{target} is a {name} that leaves some entries without terms: compute it in "
            "an auxiliary of the right size"
        )
    if isinstance(equation.reduction, Mean) and (counts != equation.terms_of_entry).any():
        raise SymcnnError(
            f"{target} is a {name} whose terms come from several positions: use a sum with weights"
        )


def _check_for_all_sizes(equation: Equation, whole: bool) -> None:
    """Refuse a reduction whose terms cannot be counted, since letters stand for sizes.

    What a layer asks of its sizes, such as a padding that is smaller than its window, is asked
    again of every choice of numbers.
    """
    if not whole or isinstance(equation.reduction, Mean):
        name = type(equation.reduction).__name__
        raise SymcnnError(
            f"whether every entry of {equation.target} has terms for its {name} is not known for "
            "all sizes: give numbers for the sizes"
        )


def _reads(equations: Iterable[Equation]) -> Reads:
    """Find which of the tensors that the equations make they read."""
    made = dict(grouped(equations))
    return {
        base: {r.base: None for e in own for r in accesses(e.value) if r.base in made}
        for base, own in made.items()
    }


def _is_ordered(equations: Sequence[Equation], reads: Reads) -> bool:
    """Tell whether every tensor is complete where it is first read."""
    last = {equation.target.base: place for place, equation in enumerate(equations)}
    return all(
        last[base] < place
        for place, equation in enumerate(equations)
        for base in {r.base for r in accesses(equation.value)} & reads.keys()
    )
