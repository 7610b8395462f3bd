"""What is wrong in the source that a problem comes from, with the figures that show it."""

from __future__ import annotations

from symcnn.classroom.sources import Sources
from symcnn.document.context import Correction, Figure, Figures, Told
from symcnn.document.style import Style
from symcnn.problems import Problem, Quoted


def correction(problem: Problem, style: Style, *, is_listed: bool = True) -> Correction | None:
    """Return what to set right, beside what the source printed; None if there is nothing.

    Where that is not listed, only a source whose mistakes are kept is worth a word.
    """
    made = problem.reconciliation
    if made is None or not (is_listed or made.is_kept):
        return None

    def figures(printed: Quoted | None, right: Quoted) -> Figures:
        return Figures(_figure(problem, printed), _figure(problem, right))

    sources = Sources(problem, style)
    return Correction(
        made.title,
        [figures(*pair) for pair in made.figures],
        [
            Told(sources.said(fault), figures(fault.printed, fault.right), fault.work)
            for fault in made.faults
        ],
        is_kept=made.is_kept,
    )


def _figure(problem: Problem, quoted: Quoted | None) -> Figure | None:
    if quoted is None:
        return None
    verbatim = isinstance(quoted.by, tuple)
    return Figure(quoted.quantity, quoted.values(problem), verbatim, quoted.written)
