"""What is wrong in the source that a problem comes from, with the figures that show it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from symcnn.classroom.marking import Marking
from symcnn.classroom.marking.mark import mark_printed, meant, published
from symcnn.classroom.marking.marking import Figure as Marked
from symcnn.classroom.marking.naming import Cause
from symcnn.classroom.marking.pages.worked import Worked
from symcnn.document.facts.given import Correction, Figure, Figures, Told
from symcnn.document.rows.layout import fits
from symcnn.document.style import Style
from symcnn.errors import UnverifiedError
from symcnn.problems import Problem, Quoted
from symcnn.problems.problem import Fault
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex


class Sources:
    """The sources of a problem, marked."""

    def __init__(self, problem: Problem, style: Style) -> None:
        """Take the problem, which states what they print, and how numbers are printed."""
        self._problem, self._right, self._style = problem, meant(problem), style

    def said(self, fault: Fault) -> str:
        """Return what is said of a fault: its own words, and the mistake that yields the figures.

        Raises:
            UnverifiedError: If figures do not conceal a mistake that they are said to conceal.
        """
        return " ".join(filter(None, (fault.text, self._found(fault))))

    def _found(self, fault: Fault) -> str:
        if fault.printed is None:
            return ""
        marking = self._markings.get(fault.source or self._source)
        if marking is None:
            return ""
        if fault.conceals:
            return _hidden(marking, fault)
        figure = _telling(marking, fault.printed.quantity)
        return "" if figure is None else self._explained(marking, figure)

    def _explained(self, marking: Marking, figure: Marked) -> str:
        (cause,) = figure.causes
        worked = Worked(marking, self._style)
        made, said = worked.mistaken(figure, cause), _done(worked, cause)
        if made is None or not fits(made):
            return said
        formula = row(made.left, *(side.formula for side in made.sides))
        return f"{said} The source computes ${latex(formula)}$."

    @property
    def _source(self) -> str:
        made = self._problem.reconciliation
        return made.source if made else ""

    @cached_property
    def _markings(self) -> Mapping[str, Marking]:
        sheets = published(self._problem)
        return {name: mark_printed(self._right, figures) for name, figures in sheets.items()}


def _telling(marking: Marking, quantity: str) -> Marked | None:
    """Return the first wrong figure of a quantity, if one mistake yields all of them."""
    wrong = [f for f in marking.figures if f.quantity == quantity and f.verdict == "wrong"]
    if not wrong or any(len(figure.causes) != 1 for figure in wrong):
        return None
    return wrong[0] if len({figure.mistakes[0].name for figure in wrong}) == 1 else None


def _done(worked: Worked, cause: Cause) -> str:
    """Say what was done: which quantity was taken for which, where that is the mistake."""
    pair = worked.exchanged(cause) if cause.mistake.exchange else None
    if pair is None:
        return cause.mistake.explanation
    taken, right = (f"${latex(formula)}$" for formula in pair)
    return cause.mistake.exchange.format(taken=taken, right=right)


def _hidden(marking: Marking, fault: Fault) -> str:
    """Say that figures conceal a mistake, and explain it where the fault's words do not."""
    found = [hidden for hidden in marking.concealed if hidden.quantity == fault.conceals]
    if len(found) != 1:
        raise UnverifiedError(
            f"the figures of {fault.conceals} conceal no mistake: please report this"
        )
    said = "This conceals the mistake."
    return said if fault.text else f"{said} {found[0].mistake.explanation}"


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
