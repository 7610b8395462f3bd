"""One step of gradient descent: w - rate * dL/dw for every weight, and the loss there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sympy import Expr, Float, Rational, Symbol

from symcnn.document import Descent, UnverifiedError
from symcnn.equations import Tensor
from symcnn.evaluation import is_small
from symcnn.problems import Problem
from symcnn.programs import lambdify
from symcnn.reference import Forward
from symcnn.values import Values

_DIGITS = 50
_TOLERANCE = 1e-9

Value = Callable[[Symbol], Expr]
Step = tuple[Expr, Values, Expr]
"""The sum of the slopes' squares, all numbers after the step, and the loss there."""


def descent(problem: Problem, value: Value) -> Descent | None:
    """Take the step and evaluate the loss twice, by formulas and by the forward pass.

    Args:
        problem: Its learning rate is the length of the step; without one there is none.
        value: The value of any entry at the problem's numbers.

    Raises:
        UnverifiedError: If the two evaluations differ.
    """
    if problem.learning_rate is None or not problem.network.parameters:
        return None
    take = _exactly if is_small(problem.derivation) else _in_floats
    squares, values, after = take(problem, value)
    _check(problem, values, after)
    before = value(problem.network.loss_tensor.symbol((0,)))
    return Descent(problem.learning_rate, squares, before, after)


def _exactly(problem: Problem, value: Value) -> Step:
    """Take the step to 50 digits."""
    slopes = {tensor.name: _slopes(problem, tensor, value) for tensor in problem.network.parameters}
    moved = {
        name: [_exact(w - problem.learning_rate * slope) for w, slope in pairs]
        for name, of in slopes.items()
        for pairs in [zip(problem.values[name], of, strict=True)]
    }
    squares = sum((slope**2 for of in slopes.values() for slope in of), Rational(0))
    values, loss = {**problem.values, **moved}, problem.network.loss_tensor.symbol((0,))
    return squares, values, problem.derivation.at(values, _DIGITS).value(loss)


def _in_floats(problem: Problem, value: Value) -> Step:
    program, tensors = lambdify(problem.derivation), problem.network.parameters
    rate, gradients = float(problem.learning_rate), program(problem.values).gradients
    slopes = {tensor.name: gradients[tensor.name].ravel() for tensor in tensors}
    moved = {name: np.array(problem.values[name], float) - rate * s for name, s in slopes.items()}
    squares = Float(sum(float(slope @ slope) for slope in slopes.values()))
    values = {**problem.values, **moved}
    return squares, values, Float(program(values).loss)


def _slopes(problem: Problem, tensor: Tensor, value: Value) -> list[Expr]:
    adjoint = problem.derivation.adjoints[tensor.name]
    return [value(adjoint.symbol(position)) for position in tensor.positions()]


def _check(problem: Problem, values: Values, by_formulas: Expr) -> None:
    """Evaluate the loss after the step a second time, by the forward pass."""
    loss = problem.network.loss_tensor.name
    passed = float(Forward(problem.network, values).values[loss][0])
    if abs(float(by_formulas) - passed) > _TOLERANCE * max(1.0, abs(passed)):
        raise UnverifiedError(
            f"the loss after one step is {float(by_formulas)!r} by the formulas and {passed!r} "
            "by the forward pass; please report this"
        )


def _exact(number: Expr) -> Expr:
    """Return a number as a rational: the one that its digits say, if it has been rounded."""
    return number if isinstance(number, Rational) else Rational(str(number))
