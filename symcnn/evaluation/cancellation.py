"""Digits that floats lose: 10^16 + 0.5 - 10^16 is 0 in floats, and they do not show it.

A small network is computed once more, loss, outputs and derivatives, by the reference pass in
exact numbers: one attempt, of forty digits. Every value certainly lies between two decimals, and
what is far from both is wrong, so nothing that is right is suspected. That takes a tenth of the
time in which a program is written; ``limits.COMPARED_TERMS`` says how small.

A larger network is computed once more in floats, the loss and the derivatives with respect to what
is given, from numbers and constants that are a few roundings off. If that moves a result
by more than it is, no digit of it is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isinf
from typing import NamedTuple

import numpy as np
from sympy import Function

from symcnn import limits
from symcnn.enclosures import TRY_AGAIN, Precision
from symcnn.equations import Equation, LogSumExp, position_of
from symcnn.errors import SymcnnError
from symcnn.evaluation.exact import is_small, terms
from symcnn.functions import Iverson, maximum, relu
from symcnn.problems import Problem
from symcnn.reference import PERTURBED, ExactForward, Forward
from symcnn.values import Array, Evaluation, float_arrays, perturbed

EXACTLY, _SMALLER = "use evaluate --exact", "use smaller numbers"
"""What helps where digits are lost: in a small network, and otherwise."""

_DIGITS_LEFT = 1e-3
"""An error that is larger, relative to the largest entry of a tensor, is reported."""

_NOTICED = 1e-12
"""An error that is smaller, relative to numbers below 1, is rounding where 0 is due."""

_ROOM = 120
"""The letters of a line to which something can be added."""

_DIGITS = 40

_FUNCTION = 20
"""An exponential to forty digits takes as long as so many products."""

_MOVED = 1e-6
"""A result that moves by less is near 0 itself."""


class _Far(NamedTuple):
    """The entry of a tensor at which floats are furthest from exact numbers.

    Attributes:
        name: What it is.
        rounded: What floats make of it.
        exact: What it is.
    """

    name: str
    rounded: float
    exact: float


def lost_digits(
    problem: Problem, made: Evaluation, passed: Forward, *, derivatives: bool = True
) -> str | None:
    """Say in one line where floats have lost nearly all digits, and what helps; else None.

    Args:
        problem: A network with its numbers.
        made: Its floats.
        passed: The reference's pass in floats.
        derivatives: Whether derivatives are looked at too; where a tie or a kink decides them,
            they are another matter.
    """
    count = terms(problem.derivation)
    if _work(problem) > limits.COMPARED_TERMS or not is_small(problem.derivation):
        cheap = derivatives and count <= limits.MOVED_TERMS
        line = _moved(problem, made, passed, cheap) if count <= limits.GRADCHECK_TERMS else None
        return f"{line}; {remedy(problem)}" if line else None
    found = list(_compared(problem, made, derivatives))
    if not found:
        return None
    (name, rounded, exactly), count = found[0], len(found)
    if isinf(exactly):
        exceeds = f"{name} is {rounded:.4g} in floats, but its exact value exceeds their range"
        return f"{exceeds}; {_SMALLER}"
    line = f"floating-point cancellation: {name} is {rounded:.4g} instead of {exactly:.4g}"
    more = f" (the first of {count} wrong results)" if count > 1 and len(line) < _ROOM else ""
    return f"{line}{more}; {EXACTLY}"


def remedy(problem: Problem) -> str:
    """Say what helps where floats lose digits."""
    return EXACTLY if is_small(problem.derivation) else _SMALLER


def _work(problem: Problem) -> int:
    """Count the terms of a network, one with functions for many."""
    return sum(e.terms * (_FUNCTION if _has_functions(e) else 1) for e in problem.network.equations)


def _has_functions(equation: Equation) -> bool:
    found = equation.value.atoms(Function) - equation.value.atoms(Iverson, maximum, relu)
    return bool(found) or isinstance(equation.reduction, LogSumExp)


def _moved(problem: Problem, made: Evaluation, passed: Forward, derivatives: bool) -> str | None:
    """Say that a few roundings of what is given move a result by more than it is."""
    with np.errstate(all="ignore"):
        for name, largest, movement in _movements(problem, made, passed, derivatives):
            if movement > max(largest, _MOVED):
                uncertain = f"{name} is {largest:.4g}, uncertain by {movement:.2g}"
                return f"floating-point cancellation: {uncertain}"
    return None


def _movements(
    problem: Problem, made: Evaluation, passed: Forward, derivatives: bool
) -> Iterator[tuple[str, float, float]]:
    """Run over the largest entries of the loss and the derivatives, and how far they move."""
    given, loss = problem.network.given, problem.network.loss_tensor.name
    moved = perturbed(float_arrays(problem.values, given), problem.network.indexing)
    again = Forward(problem.network, moved, kind=PERTURBED)
    yield "the loss", abs(float(made.loss)), _largest(again.values[loss] - passed.values[loss])
    for tensor in given if derivatives else ():
        if tensor.name in made.gradients:
            movement = again.slopes(tensor.name) - passed.slopes(tensor.name)
            largest = _largest(made.gradients[tensor.name])
            yield f"the largest dL/d {tensor.name}", largest, _largest(movement)


def _largest(array: Array) -> float:
    return float(np.max(np.abs(array)))


def _compared(problem: Problem, made: Evaluation, derivatives: bool) -> Iterator[_Far]:
    """Run over what is far from its exact value: the loss first, then outputs and derivatives."""
    try:
        exact = ExactForward(problem.network, problem.values, Precision(_DIGITS))
        yield from _all(problem, made, exact, derivatives)
    except (*TRY_AGAIN, ArithmeticError, SymcnnError):
        return  # it takes more than one attempt, or a function that exact numbers lack


def _all(
    problem: Problem, made: Evaluation, exact: ExactForward, derivatives: bool
) -> Iterator[_Far]:
    network = problem.network
    sizes = (np.max(np.abs(exact.bounds(name))) for name in (*made.outputs, network.input.name))
    least = _NOTICED * min(1.0, float(max(sizes)))
    loss = {network.loss_tensor.name: np.array(made.loss)}
    for name, array in {**loss, **made.outputs}.items():
        yield from _far(name, array, exact.bounds(name), least)
    for name, array in made.gradients.items() if derivatives else ():
        yield from _far(f"dL/d {name}", array, exact.slope_bounds(name), least)


def _far(name: str, array: Array, bounds: Array, least: float) -> Iterator[_Far]:
    """Return the worst entry of a tensor, if it is far from what it is."""
    numbers, (lower, upper) = np.ravel(array), bounds
    errors = np.maximum(np.maximum(lower - numbers, numbers - upper), 0)
    beyond = np.isinf(lower) & np.isfinite(numbers)
    known = np.max(np.abs(bounds), where=np.isfinite(bounds), initial=0.0)
    if not (beyond.any() or float(np.max(errors)) > max(_DIGITS_LEFT * float(known), least)):
        return
    worst = int(np.argmax(errors))
    position = ", ".join(map(str, position_of(worst, np.shape(array))))
    place = f"{name}[{position}]" if position else f"the {name}"
    yield _Far(place, float(numbers[worst]), float(lower[worst]))
