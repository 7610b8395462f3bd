"""What equations may define and read, and in which order they are evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from math import prod
from typing import Any

import numpy as np
from sympy import S

from symcnn import limits
from symcnn.equations.access import Access, accesses
from symcnn.equations.affine import affine
from symcnn.equations.assignments import Assignments
from symcnn.equations.equation import Equation, define, grouped
from symcnn.equations.recurrence import Reads, Recurrence, recurrences
from symcnn.equations.reduction import Mean, Sum
from symcnn.equations.sizes import is_symbolic, letters_in
from symcnn.equations.tensor import Tensor, is_counted
from symcnn.errors import SymcnnError, shown


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
