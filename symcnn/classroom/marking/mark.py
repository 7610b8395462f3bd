"""Marking: answers become verdicts and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcnn.classroom.marking.answers import answers_of
from symcnn.classroom.marking.asked import scheme
from symcnn.classroom.marking.marking import Marking
from symcnn.classroom.marking.precision import AS_WRITTEN, Imprecise, precision
from symcnn.classroom.marking.published import Printed, meant, only, published
from symcnn.classroom.marking.sheet import Sheet
from symcnn.problems import Problem, check_problem
from symcnn.problems.worth import Truncation


def mark_printed(problem: Problem, figures: Printed) -> Marking:
    """Mark what a source prints, by the digits that it prints."""
    chosen = scheme(problem, [*figures], precision=AS_WRITTEN)
    return Sheet(problem, answers_of(problem, figures), chosen).marked()


def mark(
    problem: Problem,
    answers: Any = None,
    *,
    quantities: Sequence[str] | None = None,
    points: Mapping[str, float] | None = None,
    carried: float = 1.0,
    digits: int | None = None,
    tolerance: Any = None,
    truncation: Truncation | None = None,
    imprecise: Imprecise = "half",
) -> Marking:
    """Mark answers to a problem, with errors carried forward.

    A figure is right if it agrees with the true value at the significant digits that are asked
    for. It is taken for all numbers that round to it, so that rounding on the way costs nothing:
    it is right, or follows, too if some choice of the numbers that the figures before it stand for
    gives a number that agrees with it. With fewer digits it is imprecise, unless those that are
    left out are zeros.

    What a problem's source prints is marked by the digits that it prints.

    Args:
        problem: The problem.
        answers: Figures by the names of quantities, such as ``{"conv1": [...], "gradient of
            conv1.weight": [...], "dL/dw_23": ...}``, or the name of a file in TOML, JSON or
            Markdown or of a workbook; "?" is no answer. By default what the problem's source
            prints.
        quantities: The names of the quantities that are asked for; by default all outputs, the
            loss, the derivatives and the updated parameters.
        points: The points of a quantity by its name, shared equally by its figures; by default
            every figure has one point.
        carried: The share of its points that a figure gets that follows from a wrong one.
        digits: The significant digits that are asked for; by default those that the problem
            states, or three.
        tolerance: How far a figure may be from the true value, if farther than rounding needs:
            "1 unit" of the last digit, "0.1 %" of the value, or "0.001"; by default as the
            problem states.
        truncation: Whether figures whose last digits were cut off, not rounded, are "accepted" or
            "named" as imprecise; by default as the problem states.
        imprecise: What imprecise figures earn of their points: "full", "half" or "none".

    Raises:
        SymcnnError: If a quantity is unknown or a shape is wrong. A figure that is no number is
            unread.

    >>> from symcnn.problems.examples import cnn_by_hand
    >>> mark(cnn_by_hand(), {"pool1": [0.24, 0.26, 0.1], "loss": "0.0304"}).count("right")
    4
    """
    check_problem(problem)
    near = precision(problem, digits, tolerance, truncation, imprecise)
    if answers is None:
        printed, near = only(published(problem)), AS_WRITTEN
        problem, answers = meant(problem), printed
    chosen = scheme(problem, quantities, points, carried, near)
    return Sheet(problem, answers_of(problem, answers), chosen).marked()
