"""Where derived and measured derivatives are far apart: floats are to blame, or it is an error.

Floats lose digits where terms cancel, and leave their range where exact numbers do not. So what
is far apart is compared again in exact numbers; in networks too large for that, with numbers that
were moved by a few roundings, which tell how many digits floats have at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import isfinite

from sympy import Expr

from symcnn.equations.values import float_arrays, perturbed
from symcnn.errors import UnverifiedError
from symcnn.problems import Problem
from symcnn.problems.evaluation.exact import is_small
from symcnn.programs.gradcheck import GradientCheck, Row, compared
from symcnn.programs.lambdify import lambdify
from symcnn.reference import PERTURBED, Forward, exact_derivatives
from symcnn.reference.enclosures import to_decimal

_METHOD = "dual numbers in exact arithmetic, because floats overflow or cancel here"
_EQUAL = Decimal("1e-25")
"""Figures of fifty digits that are no further apart are equal, relative to the larger one."""

_ROUNDINGS = 16

_OF_LOSS = 1e-7
"""What some hundred roundings of a loss, divided by a step of 1e-6, are as a share of it."""


def settled(problem: Problem, made: GradientCheck, *, exactly: bool = False) -> GradientCheck:
    """Return a check whose differences are those of rounding.

    Args:
        problem: A network with its numbers.
        made: The check of its derivatives in floats.
        exactly: Whether the derived figures are exact ones, and not what floats make of them.

    Raises:
        UnverifiedError: If the derivation is not what was measured.
    """
    if not made.is_far:
        return made
    if is_small(problem.derivation):
        rows = _exact_rows(problem, made.rows)
        _check_equal(rows)
        if not exactly:
            pairs = zip(made.rows, rows, strict=True)
            rows = [row._replace(analytic=_decimal(old.analytic)) for old, row in pairs]
        return compared(_METHOD, rows)
    if isfinite(made.max_abs_error) and not _is_rounding(problem, made):
        raise _error(max(made.rows, key=_difference))
    return made


def _exact_rows(problem: Problem, rows: Sequence[Row]) -> list[Row]:
    """Derive and measure in exact numbers what was compared in floats."""
    entries = [(row.tensor, row.position) for row in rows]
    adjoints, value = problem.derivation.adjoints, problem.point.value
    derived = [value(adjoints[name].symbol(position)) for name, position in entries]
    measured = exact_derivatives(problem.network, problem.values, entries)
    pairs = zip(entries, map(_decimal, derived), map(_decimal, measured), strict=True)
    return [Row(*entry, *figures) for entry, *figures in pairs]


def _check_equal(rows: Sequence[Row]) -> None:
    for row in rows:
        if _difference(row) > _EQUAL * max(abs(row.analytic), abs(row.numeric)):
            raise _error(row)


def _is_rounding(problem: Problem, made: GradientCheck) -> bool:
    """Tell whether a few roundings of given numbers and constants move a derivative as much."""
    worst = max(made.rows, key=_difference)
    if not worst.tensor:
        loss = float(lambdify(problem.derivation)(problem.values).loss)
        return bool(_difference(worst) <= _OF_LOSS * abs(loss))
    moved = perturbed(float_arrays(problem.values, problem.network.given), problem.network.indexing)
    derived = lambdify(problem.derivation)(moved).gradients[worst.tensor][worst.position]
    passed = Forward(problem.network, moved, kind=PERTURBED)
    (measured,) = passed.complex_steps([(worst.tensor, worst.position)])
    known = max(abs(float(derived) - worst.analytic), abs(measured - worst.numeric))
    return not _difference(worst) > _ROUNDINGS * known


def _difference(row: Row) -> Decimal | float:
    return abs(row.analytic - row.numeric)  # type: ignore[no-any-return]


def _error(row: Row) -> UnverifiedError:
    entry = f"{row.tensor}[{', '.join(map(str, row.position))}]"
    derivative = f"dL/d {entry}" if row.tensor else "the derivative of the loss along a direction"
    return UnverifiedError(
        f"{derivative} is {row.analytic:.8g} by the formulas but {row.numeric:.8g} by the forward "
        "pass: correct the fdiff of your own function, or else please report this"
    )


def _decimal(number: Expr | float) -> Decimal:
    """Return the decimal nearest to a number of SymPy's, or that of a float."""
    return Decimal(number) if isinstance(number, float) else to_decimal(number)
