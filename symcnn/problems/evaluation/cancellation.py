"""Digits that floats lose: 10^16 + 0.5 - 10^16 is 0 in floats, and they do not show it.

Every printed figure that has fewer right digits than are printed is named. In a small network, that
is decided by exact numbers, in a tenth of the time in which a program is written;
``limits.COMPARED_TERMS`` says how small. In a larger one, it is estimated in floats.

Floats lose digits where terms cancel, and leave their range where exact numbers do not. So what
is far apart is compared again in exact numbers; in networks too large for that, with numbers that
were moved by a few roundings, which tell how many digits floats have at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite, isinf
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from sympy import Expr, Function

from symcnn import limits
from symcnn.equations import Equation, LogSumExp
from symcnn.equations.functions import Iverson, maximum, relu
from symcnn.equations.values import Array, Evaluation, float_arrays, perturbed
from symcnn.errors import UnverifiedError
from symcnn.problems import Problem
from symcnn.problems.evaluation.exact import is_small
from symcnn.problems.evaluation.figures import (
    Compared,
    Figure,
    by_exact_numbers,
    by_other_floats,
    printed,
)
from symcnn.programs.gradcheck import GradientCheck, Row, compared
from symcnn.programs.lambdify import lambdify
from symcnn.reference import PERTURBED, Forward, exact_derivatives
from symcnn.reference.enclosures import to_decimal

EXACTLY, _SMALLER = "use evaluate --exact", "use smaller numbers"
"""What helps where digits are lost: in a small network, and otherwise."""

_ROOM = 160
"""The letters of a line to which the name of another figure can be added."""

_FUNCTION = 20
"""An exponential to forty digits takes as long as so many products."""


class Lost(NamedTuple):
    """The printed figures with fewer right digits.

    Attributes:
        names: What they are, if that is known.
        line: What says so; None where there are none.
        zeros: Which entries are known to be 0, whatever floats make of them, by the names of
            what is printed.
    """

    names: tuple[str, ...] | None
    line: str | None
    zeros: Mapping[str, Array] = MappingProxyType({})


def lost_digits(
    problem: Problem,
    made: Evaluation,
    passed: Forward,
    *,
    updated: Mapping[str, Array] | None = None,
    derivatives: bool = True,
    digits: int = 6,
) -> Lost:
    """Find where floats have lost digits that are printed, and what helps.

    Args:
        problem: A network with its numbers.
        made: Its floats.
        passed: The reference's pass in floats.
        updated: The weights after one step, if they are printed.
        derivatives: Whether derivatives are looked at too; where a tie or a kink decides them,
            they are another matter.
        digits: How many digits are printed.
    """
    found = _figures(problem, made, passed, updated or {}, derivatives, digits)
    figures, zeros = found or (None, {})
    if not figures:
        return Lost(None if figures is None else (), None, zeros)
    names = tuple(figure.name for figure in figures)
    return Lost(names, _line(figures, digits, remedy(problem)), zeros)


def remedy(problem: Problem) -> str:
    """Say what helps where floats lose digits."""
    return EXACTLY if is_small(problem.derivation) else _SMALLER


def _figures(
    problem: Problem,
    made: Evaluation,
    passed: Forward,
    updated: Mapping[str, Array],
    derivatives: bool,
    digits: int,
) -> Compared | None:
    count = problem.network.terms
    if _work(problem) <= limits.COMPARED_TERMS and is_small(problem.derivation):
        listed = printed(problem, made, updated, derivatives=derivatives)
        found = by_exact_numbers(problem, listed, digits)
        if found is not None:
            return found
    if count > limits.GRADCHECK_TERMS:
        return None
    cheap = derivatives and count <= limits.MOVED_TERMS
    listed = printed(problem, made, updated, derivatives=cheap)
    with np.errstate(all="ignore"):
        return Compared(by_other_floats(problem, listed, digits, passed), {})


def _line(figures: Sequence[Figure], digits: int, helps: str) -> str:
    """Say it in one line: the first figure with its numbers, and the names of the others."""
    beyond = next((f for f in figures if f.exact is not None and isinf(f.exact)), None)
    name, made, exact, error = beyond or figures[0]
    number = f"{name} is {made:.{digits}g}"
    if beyond:
        line, helps = f"{number} in floats, but its exact value exceeds their range", _SMALLER
    elif exact is None:
        line = f"floating-point cancellation: {number}, uncertain by {error:.2g}"
    else:
        line = f"floating-point cancellation: {number} instead of {exact:.{digits}g}"
    others, named = [figure.name for figure in figures if figure.name != name], list[str]()
    while others and len(f"{line}{', '.join(named)}{others[0]}") < _ROOM:
        named.append(others.pop(0))
    if others:
        named.append(f"{len(others)} more figures" if named else f"{len(others)} figures")
    if named:
        line += f", and fewer than {digits} digits are right in {' and '.join(_two(named))}"
    return f"{line}; {helps}"


def _two(names: Sequence[str]) -> list[str]:
    """Return all names but the last as one, with commas."""
    *first, last = names
    return [", ".join(first), last] if first else [last]


def _work(problem: Problem) -> int:
    """Count the terms of a network, one with functions for many."""
    return sum(e.terms * (_FUNCTION if _has_functions(e) else 1) for e in problem.network.equations)


def _has_functions(equation: Equation) -> bool:
    found = equation.value.atoms(Function) - equation.value.atoms(Iverson, maximum, relu)
    return bool(found) or isinstance(equation.reduction, LogSumExp)


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
