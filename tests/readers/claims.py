r"""Checks what is claimed outside of rows: matrices, tables, pictures, functions, losses."""

from __future__ import annotations

import re

import numpy as np

from tests.readers import prose
from tests.readers.figures import figure, matrix, shown, single, wrong_entry, wrong_figure
from tests.readers.formulas import Reader
from tests.readers.intervals import FUNCTIONS
from tests.readers.letters import MOVED, PARTIAL, SLICE, adjoint
from tests.readers.paper import Paper
from tests.readers.rows import Stated, check_row, check_step
from tests.readers.scope import Named, Scope
from tests.readers.source import Row, Side, outside_of_brackets, sides

TRIED = (-1.75, -0.5, 0.0, 0.625, 2.0)
"""Where functions are compared."""


def check_matrices(paper: Paper, text: str) -> None:
    """Check every matrix of numbers among the formulas of a text."""
    for formula in prose.inline(text):
        if (given := matrix(formula) or single(formula)) is not None:
            check_matrix(paper, *given)
        else:
            paper.faults.append(f"{formula} is no matrix")


def check_formulas(paper: Paper, text: str) -> None:
    """Check every  entry = number  among the formulas of a text."""
    for formula in prose.inline(text):
        found = [(at, mark) for at, mark in outside_of_brackets(formula, r"=|\\approx")]
        if found and found[0][0]:
            at = found[0][0]
            check_row(paper, Stated(Row(formula[:at].strip(), tuple(sides(formula[at:])))))


def check_number(paper: Paper, text: str, entry: str, kind: str) -> None:
    """Check a figure that stands in a cell of its own, for an entry in another."""
    left = entry if kind == "value" else rf"\frac{{\partial L}}{{\partial {entry}}}"
    check_row(paper, Stated(Row(left, (figure(text),))))


def check_matrix(paper: Paper, left: str, written: list[Side]) -> None:
    """Check the numbers of a tensor, or of one slice of it."""
    numbers = listed(paper, left)
    if numbers is None:
        paper.faults.append(f"{left} is not known, but has a matrix")
        return
    for number, entry in zip(numbers, written, strict=True):
        paper.figures += 1
        if wrong := wrong_entry(number, entry, paper.digits):
            paper.faults.append(f"{wrong} in the matrix {left}")
    if written[0].relation != "=" and all(shown(entry.text) != paper.digits for entry in written):
        paper.faults.append(f"no number in the matrix {left} is rounded")


def listed(paper: Paper, left: str) -> np.ndarray | None:
    """Return what a matrix stands for: entries, derivatives, or updated entries."""
    if moved := MOVED.fullmatch(left):
        found = [_slice(paper, moved[1], arrays) for arrays in (paper.arrays, paper.slopes)]
        if paper.rate is None or found[0] is None:
            return None
        return found[0] - paper.rate * found[1]
    if (partial := PARTIAL.fullmatch(left)) is not None:
        return _slice(paper, partial[1], paper.slopes)
    signals = {adjoint(letter): array for letter, array in paper.slopes.items()}
    return _slice(paper, left, paper.arrays | signals)


def _slice(paper: Paper, name: str, arrays: dict[str, np.ndarray]) -> np.ndarray | None:
    r"""Return the entries of a tensor, or those at places such as \cdot\cdot1, row by row."""
    letter, places = SLICE.fullmatch(name).groups()
    if letter not in arrays:
        return None
    written = re.findall(r"\\cdot|\d+" if "," in (places or "") else r"\\cdot|\d", places or "")
    at = tuple(slice(None) if place == r"\cdot" else int(place) - paper.base for place in written)
    return arrays[letter].squeeze()[at].ravel() if at else arrays[letter].ravel()


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
