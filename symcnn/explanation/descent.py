"""One step of gradient descent: w - rate * dL/dw for every weight, and the loss there."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, Float, Rational, Symbol

from symcnn.document import Descent, UnverifiedError
from symcnn.equations import Tensor
from symcnn.evaluation import is_small
from symcnn.numeric import Forward, lambdify
from symcnn.problems import Problem

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
    rate, parameters = problem.learning_rate, problem.network.parameters
    if rate is None or not parameters:
        return None
    slopes = {tensor.name: _slopes(problem, tensor, value) for tensor in parameters}
    moved = {
        name: [_exact(w - rate * slope) for w, slope in zip(problem.values[name], of, strict=True)]
        for name, of in slopes.items()
    }
    squares = sum((slope**2 for of in slopes.values() for slope in of), Rational(0))
    before = value(problem.network.loss_tensor.symbol((0,)))
    return Descent(rate, squares, before, _checked_loss(problem, {**problem.values, **moved}))


def _slopes(problem: Problem, tensor: Tensor, value: Value) -> list[Expr]:
    adjoint = problem.derivation.adjoints[tensor.name]
    return [value(adjoint.symbol(position)) for position in tensor.positions()]


def _checked_loss(problem: Problem, values: dict[str, list[Expr]]) -> Expr:
    loss, derivation = problem.network.loss_tensor, problem.derivation
    if is_small(derivation):
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
