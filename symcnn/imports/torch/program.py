"""What a program of ``torch.export`` takes, learns and returns."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from symcnn.errors import SymcnnError, fitted, shown
from symcnn.imports.torch.archive import check_plain
from symcnn.values import Array


class Argument(NamedTuple):
    """What the graph of a program takes.

    Attributes:
        name: The placeholder.
        value: The tensor, in float64 if it is of floats; None stands for the input.
        parameter: What the module calls it, if it is learned.
    """

    name: str
    value: Any
    parameter: str


class Program:
    """A program of ``torch.export``, with what it takes in float64.

    Attributes:
        module: What is run.
        arguments: What it takes, in order; a parameter with two names has the first.
    """

    def __init__(self, program: ExportedProgram) -> None:
        """Read the signature.

        Raises:
            SymcnnError: If the program takes or returns something else than a single tensor.
        """
        self.module = program.graph_module
        self.arguments = list(_arguments(program))
        given = [a.name for a in self.arguments if a.value is None]
        made = [spec.arg.name for spec in program.graph_signature.output_specs]
        if len(given) != 1:
            raise SymcnnError(
                f"the module has {len(given)} inputs, {shown(given)}: import one that takes a "
                "single tensor"
            )
        if len(made) != 1:
            raise SymcnnError(
                f"the module returns {len(made)} tensors: import one that returns a single tensor"
            )
        self.input, self.output = given[0], str(made[0])

    @property
    def parameters(self) -> dict[str, torch.Tensor]:
        """What the program learns, by name."""
        return {a.parameter: a.value for a in self.arguments if a.parameter}

    def inputs(
        self, x: torch.Tensor, learned: Mapping[str, torch.Tensor] | None = None
    ) -> list[Any]:
        """Return what the module takes for an input, with other parameters if they are given."""
        own = learned or {}
        return [x if a.value is None else own.get(a.parameter, a.value) for a in self.arguments]


def loaded(path: Path, x: Any) -> tuple[ExportedProgram, torch.Tensor]:
    """Return the program of a file, and its input: the given one, or its own example.

    Raises:
        SymcnnError: If the file cannot be read, or has no example.
    """
    check_plain(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of PyTorch about itself
            program = torch.export.load(path)
    except Exception as error:
        reason = shown(f"{type(error).__name__}: {error}".split("\n")[0])
        before = "torch.export.load cannot read the file ("
        raise SymcnnError(fitted(before, reason, "): write it with torch.export.save")) from None
    if x is not None:
        return program, torch.from_numpy(np.asarray(x, dtype=np.float64))
    example: tuple[Any, ...] = program.example_inputs[0] if program.example_inputs else ()
    if len(example) != 1:
        raise SymcnnError("the program has no example of a single input: give an array x")
    return program, example[0]


def float64(value: Any) -> Any:
    """Return a tensor of floats in 64 bits; anything else stays."""
    is_float = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.detach().cpu().to(torch.float64) if is_float else value


def array_of(tensor: torch.Tensor) -> Array:
    """Return the numbers of a tensor."""
    array: Array = float64(tensor).detach().cpu().numpy()
    return array


def _arguments(program: ExportedProgram) -> Iterator[Argument]:
    names: dict[int, str] = {}
    for spec in program.graph_signature.input_specs:
        if spec.kind is InputKind.USER_INPUT:
            yield Argument(spec.arg.name, None, "")
            continue
        value = _value(program, spec.target)
        learned = spec.kind is InputKind.PARAMETER
        name = names.setdefault(value.data_ptr(), spec.target) if learned else ""
        yield Argument(spec.arg.name, float64(value), name)


def _value(program: ExportedProgram, name: str | None) -> Any:
    for kept in (program.state_dict, program.constants):
        if name in kept and isinstance(kept[name], torch.Tensor):
            return kept[name]
    raise SymcnnError(f"the program takes {shown(name)}, which is no tensor: export it anew")
