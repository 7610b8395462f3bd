"""``to_onnx``: the model that a problem was imported from, with the problem's weights."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from symcnn.errors import SymcnnError, located
from symcnn.imports.choosing import needed
from symcnn.problems import Problem, check_problem
from symcnn.problems.weights.state import held_tensors
from symcnn.problems.write import write_file


def to_onnx(problem: Problem, source: str | PathLike[str], path: str | PathLike[str]) -> None:
    """Write the model that a problem was imported from, with the weights of the problem.

    Each initialiser that the network has taken gets its numbers, in the type that it has there;
    everything else of the model stays as it is. Arrays that the model keeps in files beside it
    become part of the file.

    Args:
        problem: A problem of ``from_onnx``, trained or changed.
        source: The file that it was imported from.
        path: The file that is written.

    Raises:
        SymcnnError: If the package onnx is missing, the problem is of no model of ONNX, or a line
            for each initialiser that the model has not, or that cannot have the numbers (see
            ``Problem.state_dict``).
    """
    needed("onnx", "onnx")
    from symcnn.imports.onnx.model import rewritten

    check_problem(problem)
    if problem.origin is None:
        raise SymcnnError("the problem was not imported: give one of from_onnx")
    held = held_tensors(problem.network, problem.values)
    with located(source):
        content = rewritten(Path(source), problem.origin, held)
    write_file(Path(path), content)
