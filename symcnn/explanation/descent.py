"""One step of gradient descent: w - rate * dL/dw for every weight, and the loss there."""

from __future__ import annotations

import numpy as np
from sympy import Add, Expr, Float

from symcnn.document import Descent, UnverifiedError
from symcnn.explanation.numbers import Numbers
from symcnn.problems import Problem
from symcnn.reference import Forward
from symcnn.values import Values, after_step

_TOLERANCE = 1e-9


def descent(numbers: Numbers) -> Descent | None:
    """Take the step and evaluate the loss twice, by formulas and by the forward pass.

    Without a learning rate there is no step.

    Raises:
        UnverifiedError: If the two evaluations differ.
    """
    problem = numbers.problem
    if problem.learning_rate is None or not problem.network.parameters:
        return None
    values = _moved(numbers)
    after = _exactly(numbers) if numbers.are_exact else Float(numbers.program(values).loss)
    _check(numbers, values, after)
    loss, rate = problem.network.loss_tensor.symbol((0,)), problem.learning_rate
    squares = _squares(problem) if numbers.are_exact else Float(_sum_of_squares(numbers))
    made = numbers.value(squares), numbers.value(loss), numbers.value(loss - rate * squares)
    return Descent(rate, *made, after)


def _moved(numbers: Numbers) -> Values:
    """Return all numbers after the step, as floats."""
    problem = numbers.problem
    names = [tensor.name for tensor in problem.network.parameters]
    slopes = {name: numbers.slopes(name).astype(float) for name in names}
    weights = {name: np.array(problem.values[name], dtype=float) for name in names}
    moved = after_step(weights, slopes, float(problem.learning_rate))
    return {**problem.values, **moved}


def _exactly(numbers: Numbers) -> Expr:
    """Return the loss after the step by the formulas, to 50 digits."""
    problem, derivation = numbers.problem, numbers.problem.derivation
    after = derivation.after_step(problem.point, problem.learning_rate)
    return after.value(problem.network.loss_tensor.symbol((0,)))


def _squares(problem: Problem) -> Expr:
    """Return the sum of the squares of all slopes, in symbols."""
    adjoints = [problem.derivation.adjoints[t.name] for t in problem.network.parameters]
    return Add(*(a.symbol(p) ** 2 for a in adjoints for p in a.positions()))


def _sum_of_squares(numbers: Numbers) -> float:
    """Return the same in floats."""
    slopes = [numbers.slopes(tensor.name) for tensor in numbers.problem.network.parameters]
    return float(sum(array @ array for array in slopes))


def _check(numbers: Numbers, values: Values, by_formulas: Expr) -> None:
    """Evaluate the loss after the step a second time, by the forward pass."""
    network = numbers.problem.network
    passed = Forward(network, values).value(network.loss_tensor.name, (0,))
    if abs(float(by_formulas) - passed) > _TOLERANCE * max(1.0, abs(passed)):
        raise UnverifiedError(
            f"the loss after one step is {float(by_formulas)!r} by the formulas and {passed!r} "
            "by the forward pass; please report this"
        )
