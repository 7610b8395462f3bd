"""What stands for a quantity in formulas: z for conv1, a partial derivative for a gradient."""

from __future__ import annotations

from collections.abc import Mapping

from symcnn.classroom.marking.asked import UPDATED
from symcnn.derivation.statement import GRADIENT, Statements
from symcnn.document.rows.slices import slice_name
from symcnn.document.story.optimizers import moved
from symcnn.equations import Tensor
from symcnn.problems import Problem
from symcnn.writing.formula import Formula
from symcnn.writing.formula.build import row


def letter_of(
    problem: Problem, name: str, fixed: Mapping[int, int] | None = None, index_base: int = 1
) -> Formula:
    """Return what stands for a quantity, or for one matrix of it.

    Args:
        problem: The problem.
        name: The quantity.
        fixed: The indices that the entries of the matrix share, by their axes.
        index_base: The index of the first entry of an axis.
    """
    tensor = problem.quantities.shape(name)
    at: Mapping[int, int] = fixed or {}
    of = problem.network.tensors.get(name.removeprefix(GRADIENT))
    is_slope = name.startswith(GRADIENT) and of is not None and of.role == "parameter"
    if not is_slope and not name.startswith(UPDATED):
        return slice_name(tensor, at, index_base)
    learned: Tensor = tensor if of is None else of
    weight = slice_name(learned, at, index_base)
    slope = Statements(problem.derivation).printer.partial(weight)
    if not is_slope and not problem.optimizer.is_plain:
        return moved(problem.optimizer, weight)
    return slope if is_slope else row(weight, "-", r"\eta", slope)
