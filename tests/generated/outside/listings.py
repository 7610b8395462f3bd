"""Checks the numbers that stand in matrices, tables and pictures."""

from __future__ import annotations

import numpy as np

from tests.generated.outside import prose
from tests.generated.outside.figures import figure, matrix, part, shown, single, wrong_entry
from tests.generated.outside.letters import MOVED, PARTIAL, SLICE, adjoint
from tests.generated.outside.paper import Paper
from tests.generated.outside.rows import Stated, check_row
from tests.generated.outside.source import Row, Side, outside_of_brackets, sides


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
    if (moved := MOVED.fullmatch(left)) is not None and moved[1] == moved[2]:
        found = [_slice(paper, moved[1], arrays) for arrays in (paper.arrays, paper.slopes)]
        if paper.rate is None or found[0] is None:
            return None
        return found[0] - paper.rate * found[1]
    if (partial := PARTIAL.fullmatch(left)) is not None:
        return _slice(paper, partial[1], paper.slopes)
    signals = {adjoint(letter): array for letter, array in paper.slopes.items()}
    return _slice(paper, left, paper.arrays | signals)


def _slice(paper: Paper, name: str, arrays: dict[str, np.ndarray]) -> np.ndarray | None:
    """Return the numbers of a tensor, or those at the places behind its letter."""
    letter, places = SLICE.fullmatch(name).groups()
    return part(arrays[letter], places or "", paper.base) if letter in arrays else None
