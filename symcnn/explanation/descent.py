"""One step of gradient descent: w - rate * dL/dw for every weight, and the loss there."""

from __future__ import annotations

import numpy as np
from sympy import Expr, Float, Rational, sympify

from symcnn.document import Descent, UnverifiedError
from symcnn.explanation.numbers import Numbers
from symcnn.reference import Forward
from symcnn.values import Array, Values, after_step

_DIGITS = 50
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
    slopes = {tensor.name: numbers.slopes(tensor.name) for tensor in problem.network.parameters}
    values, after = (_exactly if numbers.are_exact else _in_floats)(numbers, slopes)
    _check(numbers, values, after)
    squares = sympify(sum(slope @ slope for slope in slopes.values()))
    before = numbers.value(problem.network.loss_tensor.symbol((0,)))
    return Descent(problem.learning_rate, squares, before, after)


def _exactly(numbers: Numbers, slopes: dict[str, Array]) -> tuple[Values, Expr]:
    """Return all numbers after the step, and the loss there, to 50 digits."""
    problem = numbers.problem
    weights = {name: np.array(problem.values[name], dtype=object) for name in slopes}
    moved = after_step(weights, slopes, problem.learning_rate)
    values = {**problem.values, **{name: [*map(_exact, ws)] for name, ws in moved.items()}}
    point = problem.derivation.at(values, _DIGITS)
    return values, point.value(problem.network.loss_tensor.symbol((0,)))


def _in_floats(numbers: Numbers, slopes: dict[str, Array]) -> tuple[Values, Expr]:
    """Return all numbers after the step, and the loss there, by the derived program."""
    problem = numbers.problem
    weights = {name: np.array(problem.values[name], dtype=float) for name in slopes}
    moved = after_step(weights, slopes, float(problem.learning_rate))
    values = {**problem.values, **moved}
    return values, Float(numbers.program(values).loss)


def _check(numbers: Numbers, values: Values, by_formulas: Expr) -> None:
    """Evaluate the loss after the step a second time, by the forward pass."""
    network = numbers.problem.network
    passed = Forward(network, values).value(network.loss_tensor.name, (0,))
    if abs(float(by_formulas) - passed) > _TOLERANCE * max(1.0, abs(passed)):
        raise UnverifiedError(
            f"the loss after one step is {float(by_formulas)!r} by the formulas and {passed!r} "
            "by the forward pass; please report this"
        )


def _exact(number: Expr) -> Expr:
    """Return a number as a rational: the one that its digits say, if it has been rounded."""
    return number if isinstance(number, Rational) else Rational(str(number))
