"""From a problem to its document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from symcnn import limits
from symcnn.document import Context, Document, Overview, Path, Scope, Style
from symcnn.document import document as checked_document
from symcnn.errors import TooLargeError
from symcnn.explanation.check import check
from symcnn.explanation.correction import correction
from symcnn.explanation.descent import descent
from symcnn.explanation.focus import focus
from symcnn.explanation.numbers import Numbers
from symcnn.explanation.oracles import oracles
from symcnn.explanation.work import check_work
from symcnn.problems import Problem, check_problem
from symcnn.values import MULTIPRECISION


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
        TooLargeError: If the network is too large to be worked out on paper, or all weights
            are asked for and there are too many of them.
        SymcnnError: If an option is not right, or the numbers leave the range of floating
            point.
        UnverifiedError: If a row of the document does not hold.
    """
    check_problem(problem)
    style = Style(digits, index_base, decimal)
    named = problem.with_letters(letters) if letters else problem
    check_work(named.network)
    scope = _scope(named, weight, all_weights)
    with MULTIPRECISION, np.errstate(all="ignore"):  # what leaves the range is an error
        numbers = Numbers(named)
        return checked_document(_context(numbers, style, scope), oracles(numbers))


def _scope(problem: Problem, weight: str | None, all_weights: bool) -> Scope:
    """Return what is worked out: the way to one weight, or everything."""
    if weight is not None:
        return focus(weight, problem.derivation)
    if all_weights:
        _check_few(problem)
    return Overview(all_weights)


def _context(numbers: Numbers, style: Style, scope: Scope) -> Context:
    """Bring together what a document is written from."""
    problem, way = numbers.problem, scope if isinstance(scope, Path) else None
    return Context(
        title=f"{problem.title}: {way.weight}" if way else problem.title,
        derivation=problem.derivation,
        value=numbers.value,
        check=check(numbers, scope),
        learning_rate=problem.learning_rate,
        descent=None if way else descent(numbers),
        correction=None if way else correction(problem),
        style=style,
        scope=scope,
    )


def _check_few(problem: Problem) -> None:
    entries = sum(tensor.size for tensor in problem.network.tensors.values())
    if entries > limits.ALL_WORKED_ENTRIES:
        raise TooLargeError(
            f"the network's tensors hold {entries:,} entries, more than the "
            f"{limits.ALL_WORKED_ENTRIES:,} that are worked one by one: leave all weights out, "
            "and each tensor has one example"
        )
