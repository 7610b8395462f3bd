"""The figures that the sources of a problem print, as answers to be marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sympy import Expr

from symcnn.errors import SymcnnError, shown
from symcnn.problems import Problem
from symcnn.problems.problem import Quoted
from symcnn.reference.enclosures import to_decimal

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
