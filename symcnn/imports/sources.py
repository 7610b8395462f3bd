"""``from_torch`` and ``from_onnx``: a module of PyTorch or a model of ONNX becomes a problem."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from symcnn.errors import SymcnnError, expect_path, located
from symcnn.imports.assembling import ImportOptions, Progress
from symcnn.imports.choosing import Output, needed
from symcnn.imports.comparison import ImportReport
from symcnn.limits.garbage import collected_rarely
from symcnn.network.losses import Loss
from symcnn.problems import Problem

Report = Callable[[ImportReport], Any]


@collected_rarely()
def from_torch(
    module: Any,
    example_input: Any,
    *,
    loss: Loss | None = None,
    target: Any = None,
    title: str = "",
    report: Report | None = None,
    progress: Progress = lambda done, of: None,
    output: Output = None,
) -> Problem:
    """Return a module of PyTorch with its weights as a problem.

    The module is exported in evaluation mode (``torch.export``), and its graph is read. Channels
    become the last axis: kernels (filters, inputs, height, width) are (height, width, inputs,
    filters), and the columns of a dense weight behind an image are permuted with its entries.
    Layers keep their names, "layer1.0.conv1"; dropout vanishes, and running statistics are given
    tensors. In the end, outputs and all gradients are compared with PyTorch's in float64.

    Args:
        module: The module, which is not changed, or a program of ``torch.export``.
        example_input: A tensor, the input of the problem. Its first axis counts the samples; a
            single sample makes a problem without that axis. A module that takes several inputs is
            given a tuple of them, or a table by name; the first tensor is the input x. Further
            floats with an entry for every sample are given tensors, by layers ``Input``, and
            everything else is constant.
        loss: The loss; by default the sum of all outputs.
        target: The target of the loss, in the layout of the module's output, or the number of the
            class of every sample.
        title: The title; by default the name of the module's class.
        report: What is called with an ``ImportReport``, such as ``print``.
        progress: Is told how many of how many steps are done.
        output: Which output is meant where the module returns several: its number, counted from
            0, or its name in a table.

    Raises:
        SymcnnError: If PyTorch is missing, or names the first node that cannot be imported.
        UnverifiedError: If outputs differ from PyTorch's by more than 1e-9 of the largest one, or
            a gradient by more than 1e-8.

    Warns:
        CopiedWarning: Of each parameter that is several weights of the network.
    """
    needed("torch", "torch")
    import torch

    from symcnn.imports.torch.calling import Arguments
    from symcnn.imports.torch.importing import of_memory
    from symcnn.imports.torch.numbers import numbers_of
    from symcnn.imports.torch.slips import checked_input, checked_module

    checked_input(example_input)
    given = Arguments.of(example_input, module)
    options = ImportOptions(loss, target, title or "A network", report, progress, output)
    if isinstance(module, torch.export.ExportedProgram):
        return of_memory(module, given, options)
    module = checked_module(module)
    try:
        copied = deepcopy(module).to("cpu", torch.float64).eval()
    except Exception as error:
        raise SymcnnError(f"the module cannot be copied ({error}): give one that can") from None
    options = replace(options, title=title or type(module).__name__)
    return of_memory(copied, given, options, numbers_of(module.state_dict()))


@collected_rarely()
def from_pt2(
    path: str | PathLike[str],
    x: Any = None,
    *,
    loss: Loss | None = None,
    target: Any = None,
    title: str = "",
    report: Report | None = None,
    progress: Progress = lambda done, of: None,
    output: Output = None,
) -> Problem:
    """Return a program that ``torch.export.save`` wrote as a problem.

    The file is read as JSON and plain numbers: nothing in it is unpickled, evaluated or run, and
    the operators that it names are called by a table of those that compute tensors.

    Args:
        path: The file.
        x: The input, an array; by default the example that the program was exported with.
        loss: See ``from_torch``.
        target: See ``from_torch``.
        title: The title; by default the name of the file.
        report: See ``from_torch``.
        progress: See ``from_torch``.
        output: The number of the output, counted from 0, or its name in the program.

    Raises:
        SymcnnError: See ``from_torch``, or if the file is no such program.
        UnverifiedError: See ``from_torch``.
    """
    needed("torch", "torch")
    expect_path(path)
    from symcnn.imports.torch.loading import loaded

    with located(path):
        options = ImportOptions(loss, target, title or Path(path).stem, report, progress, output)
        return loaded(Path(path), x, options)


@collected_rarely()
def from_onnx(
    path: str | PathLike[str],
    x: Any = None,
    *,
    loss: Loss | None = None,
    target: Any = None,
    title: str = "",
    report: Report | None = None,
    progress: Progress = lambda done, of: None,
    output: Output = None,
) -> Problem:
    """Return a model of ONNX with its weights as a problem.

    Operators of the sets 7 to the current one are read. Layouts change and layers are called as
    ``from_torch`` says. In the end, the output is compared with that of ``onnx.reference`` in
    float64; ONNX gives no gradients to compare.

    Args:
        path: The file; arrays that the model keeps apart are beside it.
        x: The input, in the layout of the model; its first axis counts the samples, and a single
            sample makes a problem without that axis. By default random numbers from 0 to 1 of the
            shape that the model states. A model that takes several inputs is given a tuple of
            them, or a table by name; the first one is the input x. Further floats with an entry
            for every sample are given tensors, by layers ``Input``, and all else is constant.
        loss: The loss; by default the sum of all outputs.
        target: The target of the loss, in the layout of the model's output, or the number of the
            class of every sample.
        title: The title; by default the name of the file.
        report: What is called with an ``ImportReport``, such as ``print``.
        progress: Is told how many of how many steps are done.
        output: Which output is meant where the model has several: its number, counted from 0, or
            its name.

    Raises:
        SymcnnError: If the package onnx is missing, the file is no model, or names the first node
            that cannot be imported.
        UnverifiedError: If outputs differ from the reference's by more than 1e-9 of the largest.
    """
    needed("onnx", "onnx")
    expect_path(path)
    from symcnn.imports.onnx.importing import of_file

    options = ImportOptions(loss, target, title or Path(path).stem, report, progress, output)
    with located(path):
        return of_file(Path(path), x, options)
