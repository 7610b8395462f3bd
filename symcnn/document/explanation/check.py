"""The gradient check that a document shows: derived derivatives beside measured ones."""

from __future__ import annotations

from math import isfinite

from symcnn.document.context import Check, Compared
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.facts.scope import Path, Scope
from symcnn.equations.values import Array
from symcnn.errors import OUT_OF_RANGE, NotFiniteError, UnverifiedError
from symcnn.problems.evaluation import floats, nearest, settled
from symcnn.programs.gradcheck import GradientCheck, Row, compared, gradcheck


def check(numbers: Numbers, scope: Scope) -> tuple[Check, UnverifiedError | None]:
    """Compare every derivative that a document states, or the one that it follows.

    What floats cannot measure, or measure otherwise, is measured in exact numbers.

    Returns:
        The check, and the error that there is if the derivatives are not what was measured: a
        row of the document that does not hold is told before, for it says where.

    Raises:
        NotFiniteError: If the numbers exceed the range of floating point.
    """
    in_floats = _of_one(numbers, scope) if isinstance(scope, Path) else _of_all(numbers)
    try:
        made, fault = settled(numbers.problem, in_floats, exactly=numbers.are_exact), None
    except UnverifiedError as error:
        made, fault = in_floats, error
    if not (numbers.are_exact or isfinite(made.max_abs_error)):
        raise NotFiniteError(OUT_OF_RANGE)
    rows = [Compared(*row) for row in made.rows]
    return Check(made.method, rows, made.max_abs_error), fault


def _of_all(numbers: Numbers) -> GradientCheck:
    """Compare the figures that are printed: exact ones, or those of the derived program."""
    tensors = numbers.problem.network.tensors.values()
    moving = [tensor for tensor in tensors if tensor.role in ("input", "parameter")]
    analytic = {t.name: _floats(numbers.slopes(t.name)).reshape(t.shape) for t in moving}
    return gradcheck(numbers.problem, analytic, passed=numbers.forward)


def _of_one(numbers: Numbers, way: Path) -> GradientCheck:
    adjoint = numbers.problem.derivation.adjoints[way.name]
    derived = nearest(numbers.value(adjoint.symbol(way.position)))
    (measured,) = numbers.forward.complex_steps([(way.name, way.position)])
    row = Row(way.name, way.position, derived, measured)
    return compared(numbers.forward.method, [row])


def _floats(slopes: Array) -> Array:
    """Return derivatives as floats: infinite ones where they are too large."""
    return floats(slopes) if slopes.dtype == object else slopes
