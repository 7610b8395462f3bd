"""One step of gradient descent: w - rate * dL/dw for every weight, and the loss there."""

from __future__ import annotations

from contextlib import suppress
from itertools import starmap
from math import isfinite
from typing import Any

import numpy as np
from sympy import Add, Expr, Float

from symcnn.document.explanation.numbers import Numbers
from symcnn.document.facts.given import Descent
from symcnn.equations.values import Values
from symcnn.errors import NotFiniteError, UnverifiedError, located
from symcnn.network.optimizers import after_step
from symcnn.problems import Problem
from symcnn.problems.evaluation import nearest
from symcnn.programs.finite import no_value, not_finite
from symcnn.programs.ranges import AFTER_A_STEP, check_step
from symcnn.reference import exact_departure, exact_value

_TOLERANCE = 1e-9


def descent(numbers: Numbers) -> Descent | None:
    """Take the step and evaluate the loss twice, by formulas and by the forward pass.

    Without a learning rate there is no step.

    Raises:
        NotFiniteError: If the step leads where the loss has no finite value.
        UnverifiedError: If the two evaluations differ.
    """
    problem = numbers.problem
    if problem.learning_rate is None or not problem.network.parameters:
        return None
    values = _moved(numbers)
    with located("after one step"):
        after = _exactly(numbers) if numbers.are_exact else _in_floats(numbers, values)
    _check(numbers, values, after)
    loss, rate = problem.network.loss_tensor.symbol((0,)), problem.learning_rate
    if not problem.optimizer.is_plain:
        return Descent(rate, None, None, numbers.value(loss), None, after)
    squares = _squares(problem) if numbers.are_exact else Float(_sum_of_squares(numbers))
    slope = _one_sided(numbers, numbers.value(squares))
    predicted = numbers.value(loss + rate * (-squares if slope is None else slope))
    return Descent(rate, numbers.value(squares), slope, numbers.value(loss), predicted, after)


def _one_sided(numbers: Numbers, squares: Expr) -> Expr | None:
    """Return the one-sided derivative along the step if it is not minus the sum of squares."""
    if numbers.are_smooth or squares.is_zero:
        return None
    network = numbers.problem.network
    moved = {t.name: (-numbers.slopes(t.name)).tolist() for t in network.parameters}
    if numbers.are_exact:
        slope = exact_departure(network, numbers.problem.values, moved)
    else:
        slope = Float(numbers.forward.departure(moved))
    return None if _are_near(-slope / squares, 1) else slope


def _moved(numbers: Numbers) -> Values:
    """Return all numbers after the step, as floats."""
    problem = numbers.problem
    names = [tensor.name for tensor in problem.network.parameters]
    slopes = {name: numbers.slopes(name).astype(float) for name in names}
    weights = {name: np.array(problem.values[name], dtype=float) for name in names}
    moved = after_step(problem.optimizer, weights, slopes, float(problem.learning_rate))
    check_step(moved)
    return {**problem.values, **moved}


def _exactly(numbers: Numbers) -> Expr:
    """Return the loss after the step by the formulas, to 50 digits."""
    problem, derivation = numbers.problem, numbers.problem.derivation
    after = derivation.after_step(problem.point, problem.moved)
    try:
        return after.value(problem.network.loss_tensor.symbol((0,)))
    except NotFiniteError as error:
        raise no_value(derivation, after, AFTER_A_STEP) or error from None


def _in_floats(numbers: Numbers, values: Values) -> Expr:
    with suppress(NotFiniteError):
        loss = float(numbers.program(values).loss)
        if isfinite(loss):
            return Float(loss)
    raise not_finite(numbers.problem.derivation, values, remedies=AFTER_A_STEP)


def _squares(problem: Problem) -> Expr:
    """Return the sum of the squares of all slopes, in symbols."""
    adjoints = [problem.derivation.adjoints[t.name] for t in problem.network.parameters]
    return Add(*(a.symbol(p) ** 2 for a in adjoints for p in a.positions()))


def _sum_of_squares(numbers: Numbers) -> float:
    slopes = [numbers.slopes(tensor.name) for tensor in numbers.problem.network.parameters]
    return float(sum(array @ array for array in slopes))


def _check(numbers: Numbers, values: Values, by_formulas: Expr) -> None:
    """Evaluate the loss after the step a second time, by the forward pass.

    Exact numbers have it where floats overflow or cancel.
    """
    network = numbers.problem.network
    passed: Any = numbers.forward.at(values).value(network.loss_tensor.name, (0,))
    if numbers.are_exact and not _are_near(nearest(by_formulas), passed):
        passed = _passed_exactly(numbers)
    if not _are_near(by_formulas, passed):
        raise UnverifiedError(
            f"the loss after one step is {float(by_formulas)!r} by the formulas and "
            f"{float(passed)!r} by the forward pass; please report this"
        )


def _are_near(one: Any, other: Any) -> bool:
    return bool(abs(one - other) <= _TOLERANCE * max(1.0, abs(other)))


def _passed_exactly(numbers: Numbers) -> Expr:
    problem = numbers.problem
    names = [tensor.name for tensor in problem.network.parameters]
    pairs = {name: zip(problem.values[name], numbers.slopes(name), strict=True) for name in names}
    moved = {name: [*starmap(problem.moved, every)] for name, every in pairs.items()}
    return exact_value(problem.network, {**problem.values, **moved}, "loss", (0,))
