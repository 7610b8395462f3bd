"""From a problem to its document."""

from __future__ import annotations

from math import isfinite
from typing import Literal

from symcnn.document import (
    Check,
    Compared,
    Correction,
    Document,
    Figure,
    Figures,
    Material,
    Overview,
    Style,
)
from symcnn.document import document as checked_document
from symcnn.errors import OUT_OF_RANGE, SymcnnError, TooLargeError
from symcnn.evaluation import is_small, slack
from symcnn.explanation.values import printed_gradients, printed_values
from symcnn.explanation.witnesses import witnesses
from symcnn.numeric import gradcheck
from symcnn.problems import Problem, Quoted

MOST_WORKED = 3_000
"""The most entries, in all tensors together, that a document works one by one."""


def explain(
    problem: Problem,
    *,
    all_weights: bool = False,
    digits: int = 6,
    index_base: int = 1,
    decimal: Literal[".", ","] = ".",
) -> Document:
    """Return the derivation of a problem as a document.

    Args:
        problem: The network with its numbers.
        all_weights: Whether tensors with many entries are worked entry by entry too.
        digits: Significant digits of rounded numbers.
        index_base: What the first entry of an axis is called: 1 as in textbooks, or 0 as
            in Python.
        decimal: The decimal mark of numbers, a point or a comma.

    Raises:
        TooLargeError: If all weights are asked for and there are too many of them.
        SymcnnError: If the numbers leave the range of floating point.
        UnverifiedError: If a row of the document does not hold.
    """
    style, scope = Style(digits, index_base, decimal), Overview(all_weights)
    if all_weights:
        _check_few(problem)
    value = printed_values(problem)
    small = is_small(problem.derivation)
    analytic = printed_gradients(problem, value) if small else None
    made = gradcheck(problem, analytic, slack=slack(problem))
    if not isfinite(made.max_abs_error):
        raise SymcnnError(OUT_OF_RANGE)
    material = Material(
        title=problem.title,
        derivation=problem.derivation,
        value=value,
        check=Check(made.method, [Compared(*row) for row in made.rows], made.max_abs_error),
        learning_rate=problem.learning_rate,
        correction=_correction(problem),
        style=style,
        scope=scope,
    )
    return checked_document(material, witnesses(problem))


def _check_few(problem: Problem) -> None:
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    if entries > MOST_WORKED:
        raise TooLargeError(
            f"the network's tensors hold {entries:,} entries, more than the {MOST_WORKED:,} that "
            "are worked one by one: leave all weights out, and each tensor has one example"
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
