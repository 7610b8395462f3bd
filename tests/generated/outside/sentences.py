r"""Checks what sentences state: functions, and the losses around a step."""

from __future__ import annotations

from tests.document.readers.formulas import Reader
from tests.document.readers.intervals import FUNCTIONS
from tests.document.readers.scope import Named, Scope
from tests.generated.outside import prose
from tests.generated.outside.figures import figure, wrong_figure
from tests.generated.outside.paper import Paper
from tests.generated.outside.rows import check_step

TRIED = (-1.75, -0.5, 0.0, 0.625, 2.0)
"""Where functions are compared."""


def check_functions(paper: Paper, text: str) -> None:
    """Compare the definition of a function with another program's."""
    for name, letter, formula in prose.definitions(text):
        for number in TRIED:
            named = {letter: Named((), lambda _, number=number: number)}
            low, high = Reader(formula, Scope(named)).whole()({})
            if not low - 1e-12 <= FUNCTIONS[name](number) <= high + 1e-12:
                paper.faults.append(f"{name} is not {formula} at {number}")


def check_effect(paper: Paper, text: str) -> None:
    """Check what is said of a step: of a weight, the losses around it, and which is lower."""
    check_losses(paper, prose.step(text))
    if weight := prose.moved(text):
        check_step(paper, weight[0], [figure(weight[1])])
    lower, known = prose.is_lower(text), paper.known
    if None not in (lower, known.after) and lower != (known.after < known.loss):
        paper.faults.append(f"the loss is lower after the step: {lower}")


def check_losses(paper: Paper, said: dict[str, str]) -> None:
    """Check the loss before a step and after it, and what its derivatives predict."""
    known = paper.known
    learned = [slope for name, slope in known.gradients.items() if "." in name]
    squares = sum((slope**2).sum() for slope in learned)
    expected = {
        prose.BEFORE: known.loss,
        prose.AFTER: known.after,
        prose.SQUARES: squares,
        prose.FORETOLD: known.loss - (paper.rate or 0) * squares,
    }
    for what, text in said.items():
        if expected[what] is not None:
            paper.figures += 1
            if wrong := wrong_figure(expected[what], figure(text), paper.digits):
                paper.faults.append(f"{what}: {wrong}")
