"""Digits that floats lose: 10^16 + 0.5 - 10^16 is 0 in floats, and they do not show it.

Every printed figure that has fewer right digits than are printed is named. In a small network, that
is decided by exact numbers, in a tenth of the time in which a program is written;
``limits.COMPARED_TERMS`` says how small. In a larger one, it is estimated in floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from sympy import Function

from symcnn import limits
from symcnn.equations import Equation, LogSumExp
from symcnn.equations.functions import Iverson, maximum, relu
from symcnn.equations.values import Array, Evaluation
from symcnn.problems import Problem
from symcnn.problems.evaluation.exact import is_small
from symcnn.problems.evaluation.figures import (
    Compared,
    Figure,
    by_exact_numbers,
    by_other_floats,
    printed,
)
from symcnn.reference import Forward

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
