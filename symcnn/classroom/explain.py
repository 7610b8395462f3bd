"""From a problem to its document, with what is wrong in its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import import_module

from symcnn.classroom.marking import Marking
from symcnn.classroom.marking.mark import mark_printed, meant, published
from symcnn.classroom.marking.marking import Figure as Marked
from symcnn.classroom.marking.naming import Cause
from symcnn.classroom.marking.pages.worked import Worked
from symcnn.document.blocks import Block
from symcnn.document.document import Document
from symcnn.document.explanation.curvature import Pairs
from symcnn.document.explanation.numbers import Numbers
from symcnn.document.explanation.worked_out import Asked, check_work, scope_of, whole_of, worked_out
from symcnn.document.facts.given import Correction, Figure, Figures, Told
from symcnn.document.facts.scope import Path
from symcnn.document.outline import Detail
from symcnn.document.rows.gaps import gaps
from symcnn.document.rows.layout import fits
from symcnn.document.rows.points import Points
from symcnn.document.rows.verify import Progress
from symcnn.document.style import Style
from symcnn.document.traversal import flat
from symcnn.errors import SymcnnError, TooLargeError, UnverifiedError
from symcnn.limits.garbage import collected_rarely
from symcnn.problems import Problem, Quoted, check_problem
from symcnn.problems.parts import part
from symcnn.problems.problem import Fault
from symcnn.writing.formula.build import row
from symcnn.writing.formula.latex import latex
from symcnn.writing.printing.manner import DecimalMark


@collected_rarely()
def explain(
    problem: Problem,
    *,
    layers: Sequence[str] = (),
    weight: str | None = None,
    follow: str | None = None,
    all_weights: bool = False,
    detail: Detail | None = None,
    sections: Sequence[str] = (),
    quantities: Sequence[str] = (),
    second_order: Pairs = False,
    digits: int = Style.digits,
    index_base: int = 1,
    decimal: DecimalMark = ".",
    letters: Mapping[str, str] | None = None,
    progress: Progress = lambda done, of: None,
) -> Document:
    """Return the derivation of a problem as a checked document.

    Args:
        problem: The network with its numbers.
        layers: The layers to explain, if not all of them, by their names or by what names of
            several begin with: ["layer1.0"] is a block of a residual network. What arrives from
            the others, and the error signal that comes back from them, are computed.
        weight: One entry, "conv1.weight[0, 0, 0, 2]" or "w_13": the document then follows the
            way from the loss to it, in short unless full detail is asked for.
        follow: The weight whose way through the network and back is worked, written as ``weight``
            is; by default one whose way is easy to follow. All derivatives are given.
        all_weights: Whether every entry of large tensors is worked out, too.
        detail: The level of detail: "brief" is a short version, "standard", the default, works
            one entry of every stage and gives all results as matrices, "full" works every entry,
            as ``all_weights`` does.
        sections: The sections to write, from "problem", "symbols", "forward", "maxima",
            "loss", "windows", "backward", "weights", "nudge", "closed-forms", "second-order",
            "step", "check", "reconciliation", "references" and "insights"; by default all of
            them, but "second-order" only where ``second_order`` asks for it.
        quantities: The quantities that a brief document is about, by the names that
            ``Problem.quantity`` takes: "conv1", "gradient of conv1.weight"; by default all.
        second_order: Whether to give the Hessian's blocks as formulas and in numbers, of all pairs
            of parameters or of some: ``[("conv1.weight", "dense1.weight")]``.
        digits: The significant digits of rounded numbers.
        index_base: The index of the first entry of an axis: 1 as in textbooks, or 0 as
            in Python.
        decimal: The decimal mark of numbers, a point or a comma.
        letters: Letters of tensors in formulas, by name: {"conv1.weight": "K"}.
        progress: Is told how much of the work is done, and of how much: about three quarters when
            the document is written, the rest while its rows are checked.

    Raises:
        TooLargeError: If the network is too large to be worked out on paper, or all weights
            are requested and there are too many of them.
        NotFiniteError: If a number has no finite value, such as the logarithm of 0.
        SymcnnError: If an option is invalid.
        UnverifiedError: If a row of the document, or its gradient check, is wrong.
    """
    check_problem(problem)
    level = detail or ("full" if all_weights else Style.detail)
    if all_weights and level != "full":
        raise SymcnnError(
            f"all weights are worked in full detail: omit all_weights or detail={level!r}"
        )
    if weight is not None and second_order:
        raise SymcnnError("second derivatives are of whole tensors: omit weight or second_order")
    if weight is not None and follow is not None:
        raise SymcnnError("a document of one weight follows it: omit weight or follow")
    style = Style(digits, index_base, decimal, level, tuple(sections), tuple(quantities))
    chosen_part = part(problem, layers) if layers else None
    own = chosen_part.problem if chosen_part else problem
    named = own.with_letters(letters) if letters else own
    check_work(named.network)
    for name in style.quantities:
        named.quantities.shape(name)
    numbers = Numbers(named)
    scope = scope_of(numbers, weight, style, follow=follow, all_weights=all_weights)
    correct = partial(correction, named, style, is_listed=not isinstance(scope, Path))
    whole = whole_of(chosen_part, layers)
    made = worked_out(
        numbers, Asked(style, scope, second_order, whole=whole, correct=correct, progress=progress)
    )
    return replace(made, asked_digits=problem.answers.digits, worth=Earned(named))


@dataclass(frozen=True)
class Earned:
    """Finds what the student's version of a problem earns.

    Attributes:
        problem: The problem, with the letters of its document.
    """

    problem: Problem

    def __call__(self, student: Sequence[Block]) -> Points:
        """Return the points; of more figures than can be marked every box has one."""
        # What stands above documents is found by its name, so that nothing here depends on it.
        earned = import_module("symcnn.classroom.practice.boxes").earned
        try:
            found: Points = earned(self.problem, student)
        except TooLargeError:
            return Points(sum(map(gaps, flat(student))))
        return found


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
