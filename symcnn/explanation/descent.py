"""One step of gradient descent: w - rate * dL/dw for every weight, and the loss there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sympy import Expr, Float, Rational, Symbol

from symcnn.document import Descent, UnverifiedError
from symcnn.equations import Tensor
from symcnn.evaluation import is_small
from symcnn.numeric import Forward, lambdify
from symcnn.problems import Problem
from symcnn.values import Values

_DIGITS = 50
_TOLERANCE = 1e-9

Value = Callable[[Symbol], Expr]


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
    small = is_small(problem.derivation)
    squares, moved = _exactly(problem, value) if small else _in_floats(problem)
    before = value(problem.network.loss_tensor.symbol((0,)))
    after = _checked_loss(problem, {**problem.values, **moved}, small)
    return Descent(problem.learning_rate, squares, before, after)


def _exactly(problem: Problem, value: Value) -> tuple[Expr, Values]:
    """Return the sum of the slopes' squares and the moved weights, to 50 digits."""
    slopes = {tensor.name: _slopes(problem, tensor, value) for tensor in problem.network.parameters}
    moved = {
        name: [_exact(w - problem.learning_rate * slope) for w, slope in pairs]
        for name, of in slopes.items()
        for pairs in [zip(problem.values[name], of, strict=True)]
    }
    return sum((slope**2 for of in slopes.values() for slope in of), Rational(0)), moved


def _in_floats(problem: Problem) -> tuple[Expr, Values]:
    gradients = lambdify(problem.derivation)(problem.values).gradients
    rate, tensors = float(problem.learning_rate), problem.network.parameters
    slopes = {tensor.name: gradients[tensor.name].ravel() for tensor in tensors}
    moved = {name: np.array(problem.values[name], float) - rate * s for name, s in slopes.items()}
    return Float(sum(float(slope @ slope) for slope in slopes.values())), moved


def _slopes(problem: Problem, tensor: Tensor, value: Value) -> list[Expr]:
    adjoint = problem.derivation.adjoints[tensor.name]
    return [value(adjoint.symbol(position)) for position in tensor.positions()]


def _checked_loss(problem: Problem, values: Values, small: bool) -> Expr:
    loss, derivation = problem.network.loss_tensor, problem.derivation
    if small:
        by_formulas = derivation.at(values, _DIGITS).value(loss.symbol((0,)))
    else:
        by_formulas = Float(lambdify(derivation)(values).loss)
    passed = float(Forward(problem.network, values).values[loss.name][0])
    if abs(float(by_formulas) - passed) > _TOLERANCE * max(1.0, abs(passed)):
        raise UnverifiedError(
            f"the loss after one step is {float(by_formulas)!r} by the formulas and {passed!r} "
            "by the forward pass; please report this"
        )
    return by_formulas


def _exact(number: Expr) -> Expr:
    """Return a number as a rational: the one that its digits say, if it has been rounded."""
    return number if isinstance(number, Rational) else Rational(str(number))
