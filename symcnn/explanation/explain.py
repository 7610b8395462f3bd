"""From a problem to its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Literal

import numpy as np
from sympy import Expr, Symbol

from symcnn import limits
from symcnn.document import (
    Check,
    Compared,
    Correction,
    Document,
    Figure,
    Figures,
    Material,
    Overview,
    Path,
    Scope,
    Style,
)
from symcnn.document import document as checked_document
from symcnn.errors import OUT_OF_RANGE, SymcnnError, TooLargeError
from symcnn.evaluation import is_small, slack
from symcnn.explanation.descent import descent
from symcnn.explanation.focus import focus
from symcnn.explanation.values import printed_gradients, printed_values
from symcnn.explanation.witnesses import witnesses
from symcnn.problems import Problem, Quoted
from symcnn.programs import gradcheck
from symcnn.reference import Forward
from symcnn.reference.forward import STEP


def explain(
    problem: Problem,
    *,
    weight: str | None = None,
    all_weights: bool = False,
    digits: int = 6,
    index_base: int = 1,
    decimal: Literal[".", ","] = ".",
    letters: Mapping[str, str] | None = None,
) -> Document:
    """Return the derivation of a problem as a document.

    Args:
        problem: The network with its numbers.
        weight: One entry, "conv1.weight[0, 0, 0, 0]": the document then follows the way
            from the loss to it, and leaves the others out.
        all_weights: Whether tensors with many entries are worked entry by entry too.
        digits: Significant digits of rounded numbers.
        index_base: What the first entry of an axis is called: 1 as in textbooks, or 0 as
            in Python.
        decimal: The decimal mark of numbers, a point or a comma.
        letters: What formulas call a tensor, by its name: {"conv1.weight": "K"}.

    Raises:
        TooLargeError: If all weights are asked for and there are too many of them.
        SymcnnError: If an option is not right, or the numbers leave the range of floating
            point.
        UnverifiedError: If a row of the document does not hold.
    """
    style = Style(digits, index_base, decimal)
    if letters:
        problem = problem.with_letters(letters)
    with np.errstate(all="ignore"):  # what leaves the range is an error below, no warning
        material = _material(problem, style, _scope(problem, weight, all_weights))
        return checked_document(material, witnesses(problem))


def _scope(problem: Problem, weight: str | None, all_weights: bool) -> Scope:
    if weight is not None:
        return focus(weight, problem.derivation)
    if all_weights:
        _check_few(problem)
    return Overview(all_weights)


def _material(problem: Problem, style: Style, scope: Scope) -> Material:
    value = printed_values(problem)
    is_path = isinstance(scope, Path)
    return Material(
        title=f"{problem.title}: {scope.weight}" if isinstance(scope, Path) else problem.title,
        derivation=problem.derivation,
        value=value,
        check=_check(problem, value, scope),
        learning_rate=problem.learning_rate,
        descent=None if is_path else descent(problem, value),
        correction=None if is_path else _correction(problem),
        style=style,
        scope=scope,
    )


def _check(problem: Problem, value: Callable[[Symbol], Expr], scope: Scope) -> Check:
    if isinstance(scope, Path):
        made = _check_of_one(problem, value, scope)
    else:
        made = _check_of_all(problem, value)
    if not isfinite(made.max_abs_error):
        raise SymcnnError(OUT_OF_RANGE)
    return made


def _check_of_all(problem: Problem, value: Callable[[Symbol], Expr]) -> Check:
    small = is_small(problem.derivation)
    analytic = printed_gradients(problem, value) if small else None
    made = gradcheck(problem, analytic, slack=slack(problem))
    return Check(made.method, [Compared(*row) for row in made.rows], made.max_abs_error)


def _check_of_one(problem: Problem, value: Callable[[Symbol], Expr], way: Path) -> Check:
    derived = value(problem.derivation.adjoints[way.name].symbol(way.position))
    passed = Forward(problem.network, problem.values, slack(problem))
    measured = passed.derivative(way.name, way.position)
    row = Compared(way.name, way.position, float(derived), measured)
    return Check(f"complex step, h = {STEP:g}", [row], abs(row.analytic - row.numeric))


def _check_few(problem: Problem) -> None:
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    if entries > limits.ALL_WORKED_ENTRIES:
        raise TooLargeError(
            f"the network's tensors hold {entries:,} entries, more than the "
            f"{limits.ALL_WORKED_ENTRIES:,} that are worked one by one: leave all weights out, and "
            "each tensor has one example"
        )


def _correction(problem: Problem) -> Correction | None:
    made = problem.reconciliation
    if made is None:
        return None

    def figures(printed: Quoted | None, right: Quoted) -> Figures:
        return Figures(_figure(problem, printed), _figure(problem, right))

    return Correction(
        made.title,
        [figures(*pair) for pair in made.figures],
        [(fault.text, figures(fault.printed, fault.right)) for fault in made.faults],
    )


def _figure(problem: Problem, quoted: Quoted | None) -> Figure | None:
    if quoted is None:
        return None
    verbatim = isinstance(quoted.by, tuple)
    return Figure(quoted.quantity, quoted.values(problem), verbatim)
