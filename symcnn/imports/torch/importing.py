"""From a module or a program to a problem, compared with what PyTorch computes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch.export import ExportedProgram

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, fitted, shown
from symcnn.imports.assembling import ImportOptions, assembled
from symcnn.imports.comparison import verified
from symcnn.imports.composed import recognised
from symcnn.imports.torch.exported import program_of
from symcnn.imports.torch.heads import with_samples_in_front
from symcnn.imports.torch.numbers import InFloat64, array_of, float64
from symcnn.imports.torch.operators import TABLE, WORDS
from symcnn.imports.torch.program import Program
from symcnn.imports.torch.reader import read
from symcnn.imports.torch.running import in_float64, run, tensors
from symcnn.problems import Problem

Forward = Callable[[torch.Tensor], Any]


def of_memory(
    source: ExportedProgram | torch.nn.Module, x: torch.Tensor, options: ImportOptions
) -> Problem:
    """Return the problem of a program in memory, or of a module in float64, which is exported.

    Raises:
        SymcnnError: See ``from_torch``.
    """
    x = float64(x)
    if not isinstance(source, torch.nn.Module):
        return made_of(program_of(source), x, options)
    return made_of(program_of(_exported(source, x)), x, options, module=source)


def _exported(module: torch.nn.Module, x: torch.Tensor) -> ExportedProgram:
    try:
        with warnings.catch_warnings(), with_samples_in_front():
            warnings.simplefilter("ignore")  # of PyTorch about itself
            return torch.export.export(module, (x,), strict=False)
    except Exception as error:
        reason = shown(f"{type(error).__name__}: {error}".split("\n")[0])
        raise SymcnnError(
            fitted("torch.export cannot export the module (", reason, "): see docs/imports.md")
        ) from None


def made_of(
    program: Program,
    x: torch.Tensor,
    options: ImportOptions,
    *,
    shapes: Mapping[str, Any] | None = None,
    module: torch.nn.Module | None = None,
) -> Problem:
    """Return the problem of a program, compared with the module, or with the program.

    Args:
        program: The program.
        x: The input.
        options: What else the problem has.
        shapes: Of a program of a file, of which constants alone are run to read it, the shapes.
        module: The module that was exported.

    Raises:
        SymcnnError: See ``from_torch``.
    """
    graph = recognised(read(program, x, shapes), WORDS)
    learned = _learned(program, module)
    forward = module or (lambda x: _run(program, x, learned))
    made = assembled(graph, TABLE, array_of(x), options)
    return verified(made, partial(_backward, forward, x, learned), options.report)


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
