"""From a module or a program to a problem, compared with what PyTorch computes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.export import ExportedProgram

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, fitted, shown
from symcnn.imports.assembling import assembled
from symcnn.imports.comparison import ImportReport, compared, told
from symcnn.imports.composed import recognised
from symcnn.imports.torch.definitions import InFloat64
from symcnn.imports.torch.exported import program_of
from symcnn.imports.torch.heads import with_samples_in_front
from symcnn.imports.torch.numbers import array_of, float64
from symcnn.imports.torch.operators import TABLE, WORDS
from symcnn.imports.torch.program import Program
from symcnn.imports.torch.reader import read
from symcnn.imports.torch.running import in_float64, run, tensors
from symcnn.network.losses import Loss
from symcnn.problems import Problem

Forward = Callable[[torch.Tensor], Any]


def imported(
    source: ExportedProgram | torch.nn.Module,
    x: torch.Tensor,
    loss: Loss | None,
    target: Any,
    title: str,
    report: Callable[[ImportReport], Any] | None,
) -> Problem:
    """Return the problem of a program in memory, or of a module in float64, which is exported.

    Raises:
        SymcnnError: See ``from_torch``.
    """
    x = float64(x)
    if not isinstance(source, torch.nn.Module):
        return made_of(program_of(source), x, None, None, loss, target, title, report)
    program = program_of(_exported(source, x))
    return made_of(program, x, None, source, loss, target, title, report)


def _exported(module: torch.nn.Module, x: torch.Tensor) -> ExportedProgram:
    """Return the program of a module."""
    try:
        with warnings.catch_warnings(), with_samples_in_front():
            warnings.simplefilter("ignore")  # of PyTorch about itself
            return torch.export.export(module, (x,), strict=False)
    except Exception as error:
        reason = shown(f"{type(error).__name__}: {error}".split("\n")[0])
        raise SymcnnError(
            fitted("torch.export cannot export the module (", reason, "): see docs/imports.md")
        ) from None


def of_file(
    program: Program,
    x: Array,
    shapes: Mapping[str, Any],
    loss: Loss | None,
    target: Any,
    title: str,
    report: Callable[[ImportReport], Any] | None,
) -> Problem:
    """Return the problem of a program of a file, of which constants alone are run to read it.

    Raises:
        SymcnnError: See ``from_torch``.
    """
    given = float64(torch.from_numpy(x))
    return made_of(program, given, shapes, None, loss, target, title, report)


def made_of(
    program: Program,
    x: torch.Tensor,
    shapes: Mapping[str, Any] | None,
    module: torch.nn.Module | None,
    loss: Loss | None,
    target: Any,
    title: str,
    report: Callable[[ImportReport], Any] | None,
) -> Problem:
    """Return the problem of a program, compared with the module, or with the program."""
    graph = recognised(read(program, x, shapes), WORDS)
    made = assembled(graph, TABLE, array_of(x), loss, target, title)
    learned = _learned(program, module)
    forward = module or (lambda x: _run(program, x, learned))
    told(compared(made, lambda upstream: _backward(forward, x, learned, upstream)), report)
    return made.problem


def _learned(program: Program, module: torch.nn.Module | None) -> Mapping[str, torch.Tensor]:
    """Return what gradients are taken of: the module's own parameters, or copies."""
    found = {name: torch.from_numpy(array) for name, array in program.parameters.items()}
    if module is not None:
        own = dict(module.named_parameters(remove_duplicate=False))
        found = {name: own[name] for name in found}
    return {name: tensor.requires_grad_(True) for name, tensor in found.items()}


def _run(program: Program, x: torch.Tensor, learned: Mapping[str, torch.Tensor]) -> torch.Tensor:
    given = {**tensors(program), program.input: x}
    own = {name: learned[parameter] for name, parameter in program.learned.items()}
    return run(program, {**given, **own})


def _backward(
    forward: Forward, x: torch.Tensor, learned: Mapping[str, torch.Tensor], upstream: Array
) -> tuple[Array, dict[str, Array]]:
    """Return the output, and the gradients for given derivatives with respect to it."""
    with InFloat64(), in_float64():
        y = forward(x.clone())
    y = y[0] if isinstance(y, tuple | list) else y
    if not y.requires_grad:
        return array_of(y), {}
    made = torch.autograd.grad(
        y, [*learned.values()], torch.from_numpy(upstream), allow_unused=True
    )
    found = zip(learned, made, strict=True)
    return array_of(y), {name: array_of(g) for name, g in found if g is not None}
