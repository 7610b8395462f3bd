"""What an array of another shape may be: what is due, but not summed, not cut out, or turned.

And which axes a function may mean that is made for samples with a single one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations, product
from math import prod
from typing import Any

import numpy as np
from sympy import IndexedBase, Symbol

from symcnn.classroom.checks.code.callee import Outcome
from symcnn.classroom.checks.judging.evaluation import Evaluation
from symcnn.classroom.checks.judging.presentation import axes_of_tensor
from symcnn.classroom.checks.judging.reducing import Terms
from symcnn.classroom.checks.judging.rounded import Array, Rounded, reproduces
from symcnn.classroom.checks.judging.subject import of_layer
from symcnn.classroom.checks.judging.trial import Trial
from symcnn.equations import Equation, long

_MOST_AXES = 5
_SUMMED = 3


def reason(trial: Trial, name: str, array: Array) -> str:
    """Return what an array of another shape holds, as the end of a sentence; "" if unknown."""
    return next(filter(None, _reasons(trial, name, array)), "")


def _reasons(trial: Trial, name: str, array: Array) -> Iterator[str]:
    due = trial.due(name)
    axes = axes_of_tensor(trial.subject, name, due.value.ndim)
    yield _reshaped(array, due)
    yield _turned(array, due, axes)
    yield _not_cut(array, due, axes)
    yield _cut(array, due, axes)
    yield _not_summed(trial, name, array)
    yield _summed(array, due, axes)


def _reshaped(array: Array, due: Rounded) -> str:
    if array.size == due.value.size and reproduces(due.shaped(array.shape), array):
        return "the entries are right in their order, and have to be reshaped"
    return ""


def _turned(array: Array, due: Rounded, axes: Sequence[str]) -> str:
    for order in permutations(range(due.value.ndim)) if due.value.ndim <= _MOST_AXES else ():
        if tuple(due.value.shape[n] for n in order) == array.shape:
            moved = Rounded(np.transpose(due.value, order), np.transpose(due.error, order))
            if reproduces(moved, array):
                words = ", ".join(axes[n] for n in order)
                return f"the entries are right, but the axes are in the order {words}"
    return ""


def _not_cut(array: Array, due: Rounded, axes: Sequence[str]) -> str:
    """Say that what is due stands inside of the array, as where padding was not removed."""
    shape = due.value.shape
    if array.ndim != len(shape) or any(a < b for a, b in zip(array.shape, shape, strict=True)):
        return ""
    spare = [range(a - b + 1) for a, b in zip(array.shape, shape, strict=True)]
    for start in product(*spare) if prod(map(len, spare)) < 1000 else ():
        part = array[tuple(slice(s, s + n) for s, n in zip(start, shape, strict=True))]
        if reproduces(due, part):
            return f"what is due stands in it{_from(start, axes)}: the padding was not removed"
    return ""


def _cut(array: Array, due: Rounded, axes: Sequence[str]) -> str:
    """Say that the array is a part of what is due."""
    shape = due.value.shape
    if array.ndim != len(shape) or any(a > b for a, b in zip(array.shape, shape, strict=True)):
        return ""
    spare = [range(b - a + 1) for a, b in zip(array.shape, shape, strict=True)]
    for start in product(*spare) if array.size and prod(map(len, spare)) < 1000 else ():
        at = tuple(slice(s, s + n) for s, n in zip(start, array.shape, strict=True))
        if reproduces(Rounded(due.value[at], due.error[at]), array):
            return f"it is a part of what is due{_from(start, axes)}"
    return ""


def _from(start: Sequence[int], axes: Sequence[str]) -> str:
    """Return where a part begins: from row index 1 and column index 1 on."""
    moved = [f"{axis} index {n}" for axis, n in zip(axes, start, strict=True) if n]
    return f" from {' and '.join(moved)} on" if moved else " from its beginning on"


def _not_summed(trial: Trial, name: str, array: Array) -> str:
    """Say over which indices the terms have not been summed."""
    tensor = trial.subject.tensor(name)
    equations = trial.subject.formulas.equations(tensor)
    for equation in equations if len(equations) == 1 else ():
        loops = list(long(equation.reduced))
        for count in range(1, min(len(loops), _SUMMED) + 1):
            for kept in combinations(loops, count):
                shape = (*(int(loop.size) for loop in kept), *map(int, tensor.shape))
                if sorted(n for n in shape if n > 1) != sorted(n for n in array.shape if n > 1):
                    continue
                made = _apart(trial, equation, [loop.symbol for loop in kept], shape)
                if any(_same(made, array, order) for order in permutations(range(len(shape)))):
                    letters = ", ".join(loop.symbol.name for loop in kept)
                    due = f"d{name}" if trial.subject.kind != "forward" else name
                    return f"the terms of {due} have not been summed over {letters}"
    return ""


def _apart(trial: Trial, equation: Equation, kept: list[Symbol], shape: tuple[int, ...]) -> Rounded:
    """Return the result of an equation for each value of some of its loops."""
    base = IndexedBase(Symbol("apart", real=True), shape=shape)
    target = base[(*kept, *equation.target.indices)]
    terms = Terms(replace(equation, target=target))
    return terms.added_to(prod(shape), trial.evaluation.values).shaped(shape)


def _same(made: Rounded, array: Array, order: tuple[int, ...]) -> bool:
    moved = Rounded(np.transpose(made.value, order), np.transpose(made.error, order))
    long_ones = tuple(n for n in moved.value.shape if n > 1)
    if long_ones != tuple(n for n in array.shape if n > 1):
        return False
    return reproduces(moved.shaped(array.shape), array)


def _summed(array: Array, due: Rounded, axes: Sequence[str]) -> str:
    numbers = range(due.value.ndim)
    for out in (*combinations(numbers, 1), *combinations(numbers, 2)):
        value = due.value.sum(axis=out)
        error = (due.error + due.value.size * np.abs(due.value)).sum(axis=out)
        if value.shape == array.shape and reproduces(Rounded(value, error), array):
            return f"it is what is due, summed over {' and '.join(f'{axes[n]}s' for n in out)}"
    return ""


def has_other_axes(trial: Trial, outcome: Outcome, usual: int) -> bool:
    """Tell whether a function takes other axes for those of channels and positions.

    Where samples have the usual number of axes it is the same: a softmax along axis 1, say, is
    right for vectors. What was returned is then due where all arrays are turned, or where axes are
    taken together.

    Args:
        trial: A trial in which all entries of a parameter are equal, whichever axis they belong to.
        outcome: What came back.
        usual: The number of axes of a sample for which the function is right.
    """
    shape = trial.numbers[trial.subject.network.input.name].shape
    return any(
        _is_due(trial, outcome, order, (shape[0], *lengths))
        for order in permutations(range(1, len(shape)))
        for lengths in _taken_together([shape[k] for k in order], usual)
    )


def _taken_together(lengths: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
    """Run over the lengths of axes as they are, and where some follow each other as one."""
    yield tuple(lengths)
    for cuts in combinations(range(1, len(lengths)), count - 1):
        edges = (0, *cuts, len(lengths))
        yield tuple(prod(lengths[a:b]) for a, b in pairwise(edges))


def _is_due(trial: Trial, outcome: Outcome, order: Sequence[int], shape: tuple[int, ...]) -> bool:
    """Tell whether what was returned is due in another order of axes and another shape."""
    own, layer = trial.subject, trial.subject.layer
    other = of_layer(layer, shape[1:], shape[0], own.kind)
    if other is None:
        return False

    def turned(array: Array, wanted: Sequence[Any]) -> Array:
        if array.size and (array == array.flat[0]).all():
            return np.full(tuple(map(int, wanted)), array.flat[0])
        return array.transpose(0, *order).reshape(shape)

    try:
        given = {tensor.name: tensor.shape for tensor in other.network.given}
        numbers = {name: turned(trial.numbers[name], given[name]) for name in given}
        evaluation = Evaluation(other.stages, numbers)
        made = {name: evaluation.due(other.tensor(name)) for name in outcome.arrays}
        return all(reproduces(made[n], turned(a, shape)) for n, a in outcome.arrays.items())
    except ValueError:  # an array has other axes than the input
        return False
