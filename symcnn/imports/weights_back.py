"""``to_torch`` and ``to_onnx``: the weights of a problem for the source of its network."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array, known
from symcnn.errors import Mistakes, SymcnnError, expect, located, shown
from symcnn.imports.choosing import needed
from symcnn.problems import Problem, check_problem
from symcnn.problems.weights.origin import Origin
from symcnn.problems.weights.state import held_tensors, usual
from symcnn.problems.write import write_file

if TYPE_CHECKING:
    from torch.nn import Module

    AnyModule = TypeVar("AnyModule", bound=Module)


_COUNTERS = "num_batches_tracked"
"""How many batches a normalisation has seen, which its output in evaluation does not depend on."""


def to_torch(problem: Problem, module: AnyModule) -> AnyModule:
    """Copy the weights of a problem into a module, and return the module.

    They are those of ``Problem.state_dict``: of an imported network by the names and in the layouts
    that they had, of one that was written here by the names of its layers. The module keeps the
    types of its numbers and where they are, and what the network does not know of it.

    Args:
        problem: A network with its numbers.
        module: The module that it was imported from, or another of the same class.

    Raises:
        SymcnnError: If PyTorch is missing, or a line for each array that only one of both has, that
            has another shape, or that the source cannot have (see ``Problem.state_dict``).
    """
    needed("torch", "torch")
    import torch

    check_problem(problem)
    expect(module, torch.nn.Module, "the module", "give a torch.nn.Module")
    origin, theirs = problem.origin or usual(problem.network), module.state_dict()
    check_same(origin, {n: tuple(t.shape) for n, t in theirs.items() if hasattr(t, "shape")})
    base = {name: _numbers(theirs[name]) for name in origin.arrays if name in theirs}
    held = held_tensors(problem.network, problem.values)
    filled = dict(origin.filled(held, base))
    with torch.no_grad():
        for name, array in filled.items():
            theirs[name].copy_(torch.from_numpy(array))
    return module


def check_same(origin: Origin, theirs: Mapping[str, Shape]) -> None:
    """Refuse arrays of which only one side has the name, or that have another shape there.

    Raises:
        SymcnnError: A line for each.
    """
    mistakes, ours = Mistakes(), origin.arrays
    counted = [n for n in theirs if n not in ours and not n.endswith(_COUNTERS)]
    for name in mistakes.first([name for name in ours if name not in theirs]):
        with mistakes.collected():
            raise SymcnnError(
                f"the module has no {shown(name)}: {known(name, counted or [*theirs])}"
            )
    for name in mistakes.first(counted):
        with mistakes.collected():
            raise SymcnnError(f"the network has no {shown(name)}: {known(name, [*ours])}")
    for name, stored in ours.items():
        with mistakes.collected():
            if name in theirs and theirs[name] != stored.shape:
                raise SymcnnError(
                    f"{shown(name)} has the shape {dimensions(stored.shape)}, but in the module "
                    f"{dimensions(theirs[name])}: give the module that was imported"
                )
    mistakes.end()


def _numbers(tensor: Any) -> Array:
    """Return the numbers of a tensor, floats in 64 bits."""
    import torch

    plain = tensor.detach().cpu()
    made: Array = (plain.to(torch.float64) if plain.is_floating_point() else plain).numpy()
    return made


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
