"""The gradient check that a document shows: derived derivatives beside measured ones."""

from __future__ import annotations

from math import isfinite

from symcnn.document import Check, Compared, Path, Scope
from symcnn.errors import OUT_OF_RANGE, SymcnnError
from symcnn.explanation.numbers import Numbers
from symcnn.programs.gradcheck import gradcheck
from symcnn.reference import STEP


def check(numbers: Numbers, scope: Scope) -> Check:
    """Compare every derivative that a document states, or the one that it follows.

    Raises:
        SymcnnError: If the numbers leave the range of floating point.
    """
    made = _of_one(numbers, scope) if isinstance(scope, Path) else _of_all(numbers)
    if not isfinite(made.max_abs_error):
        raise SymcnnError(OUT_OF_RANGE)
    return made


def _of_all(numbers: Numbers) -> Check:
    """Compare the figures that are printed: exact ones, or those of the derived program."""
    tensors = numbers.problem.network.tensors.values()
    moving = [tensor for tensor in tensors if tensor.role in ("input", "parameter")]
    analytic = {t.name: numbers.slopes(t.name).astype(float).reshape(t.shape) for t in moving}
    made = gradcheck(numbers.problem, analytic, passed=numbers.forward)
    return Check(made.method, [Compared(*row) for row in made.rows], made.max_abs_error)


def _of_one(numbers: Numbers, way: Path) -> Check:
    adjoint = numbers.problem.derivation.adjoints[way.name]
    derived = float(numbers.value(adjoint.symbol(way.position)))
    (measured,) = numbers.forward.complex_steps([(way.name, way.position)])
    row = Compared(way.name, way.position, derived, measured)
    return Check(f"complex step, h = {STEP:g}", [row], abs(derived - measured))
