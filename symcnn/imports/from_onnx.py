"""``from_onnx``: a model of ONNX becomes a problem."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from symcnn.errors import expect_path, located
from symcnn.imports.assembling import ImportOptions, Progress
from symcnn.imports.choosing import Output, needed
from symcnn.imports.comparison import ImportReport
from symcnn.limits.garbage import collected_rarely
from symcnn.network.losses import Loss
from symcnn.problems import Problem

Report = Callable[[ImportReport], Any]


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
