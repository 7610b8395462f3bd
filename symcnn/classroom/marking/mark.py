"""Marking: answers, or what sources print, become verdicts and points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy import Expr

from symcnn.classroom.marking.answers import answers_of
from symcnn.classroom.marking.asked import scheme
from symcnn.classroom.marking.marking import Marking
from symcnn.classroom.marking.precision import AS_WRITTEN, precision
from symcnn.classroom.marking.sheet import Sheet
from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem, check_problem
from symcnn.problems.problem import Quoted
from symcnn.problems.worth import Imprecise, Truncation
from symcnn.reference.enclosures import to_decimal


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
    carried: float | None = None,
    digits: int | None = None,
    tolerance: Any = None,
    truncation: Truncation | None = None,
    imprecise: Imprecise | None = None,
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
            conv1.weight": [...], "dL/dw_23": ...}``, or the name of a file in TOML or JSON,
            or of a workbook; "?" is no answer. By default what the problem's source
            prints.
        quantities: The names of the quantities that are asked for; by default all outputs, the
            loss, the derivatives and the updated parameters.
        points: The points of a quantity by its name, shared equally by its figures; by default
            every figure has one point.
        carried: The share of its points that a figure gets that follows from a wrong one; by
            default as the problem states.
        digits: The significant digits that are asked for; by default those that the problem
            states, or three.
        tolerance: How far a figure may be from the true value, if farther than rounding needs:
            "1 unit" of the last digit, "0.1 %" of the value, or "0.001"; by default as the
            problem states.
        truncation: Whether figures whose last digits were cut off, not rounded, are "accepted" or
            "named" as imprecise; by default as the problem states.
        imprecise: What imprecise figures earn of their points: "full", "half" or "none"; by
            default as the problem states.

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


Printed = Mapping[str, Sequence[str]]
"""Figures by quantity, as they are printed."""


def published(problem: Problem) -> Mapping[str, Printed]:
    """Return what each source prints, by the name of the source.

    Raises:
        SymcnnError: If the problem names none.
    """
    found = dict[str, dict[str, Sequence[str]]]()
    for source, quoted in _quoted(problem):
        if problem.quantities.shape(quoted.quantity).is_given and _is_plain(problem, quoted):
            continue  # nothing that is computed
        found.setdefault(source, {})[quoted.quantity] = _texts(quoted)
    if not found:
        raise SymcnnError(
            "the problem states no figures of a source: give a file of answers, or [[published]]"
        )
    return found


def only(sources: Mapping[str, Printed]) -> Printed:
    """Return what the one source prints that there is.

    Raises:
        SymcnnError: If there are several.
    """
    if len(sources) > 1:
        names = ", ".join(map(shown, sources))
        raise SymcnnError(
            f"several sources print figures: mark them by mark_class; they are {names}"
        )
    return next(iter(sources.values()))


def meant(problem: Problem) -> Problem:
    """Return the problem whose numbers are right: another one if mistakes are kept in it."""
    made = problem.reconciliation
    right = (fault.right.by for fault in made.faults) if made else ()
    return next((by for by in right if isinstance(by, Problem)), problem)


def _quoted(problem: Problem) -> Iterator[tuple[str, Quoted]]:
    made = problem.reconciliation
    if made is None:
        return
    for quoted, _ in made.figures:
        if isinstance(quoted.by, tuple):
            yield made.source, quoted
    for fault in made.faults:
        if fault.printed is not None and isinstance(fault.printed.by, tuple):
            yield fault.source or made.source, fault.printed


def _is_plain(problem: Problem, quoted: Quoted) -> bool:
    """Tell whether a quantity is a tensor itself, neither updated nor after some steps."""
    return quoted.quantity in problem.network.tensors


def _texts(quoted: Quoted) -> Sequence[str]:
    assert isinstance(quoted.by, tuple)
    return quoted.written or [*map(_text, quoted.by)]


def _text(value: Expr) -> str:
    return str(value) if value.is_Rational else str(to_decimal(value))
