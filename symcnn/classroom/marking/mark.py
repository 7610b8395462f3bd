"""Marking: answers become verdicts and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcnn.classroom.marking.answers import answers_of
from symcnn.classroom.marking.asked import scheme
from symcnn.classroom.marking.marking import Marking
from symcnn.classroom.marking.published import meant, only, published
from symcnn.classroom.marking.sheet import Sheet
from symcnn.problems import Problem, check_problem


def mark(
    problem: Problem,
    answers: Any = None,
    *,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float = 1.0,
) -> Marking:
    """Mark answers to a problem, with errors carried forward.

    A figure is taken for all numbers that round to it, so that rounding on the way costs
    nothing: it is right, or follows, if some choice of the numbers that the figures before it
    stand for gives a number that rounds to it.

    Args:
        problem: The problem.
        answers: Figures by the names of quantities, such as ``{"conv1": [...], "gradient of
            conv1.weight": [...]}``, or the name of a file in TOML, JSON or Markdown or of a
            workbook; "?" is no answer. By default what the problem's source prints.
        quantities: The names of the quantities that are asked for; by default all outputs, the
            loss, the derivatives and the updated parameters.
        points: The points of a quantity by its name, shared equally by its figures; by default
            every figure has one point.
        carried: The share of its points that a figure gets that follows from a wrong one.

    Raises:
        SymcnnError: If a quantity is unknown, a shape is wrong or a figure is no number.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> mark(cnn_by_hand(), {"pool1": [0.24, 0.26, 0.1], "loss": "0.030"}).count("right")
    4
    """
    check_problem(problem)
    if answers is None:
        printed = only(published(problem))
        problem, answers = meant(problem), printed
    chosen = scheme(problem, quantities, points, carried)
    return Sheet(problem, answers_of(problem, answers), chosen).marked()
