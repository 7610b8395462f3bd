"""From a model to a problem, compared with what the reference evaluator computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from symcnn.imports.assembling import ImportOptions, assembled
from symcnn.imports.builder import Operators
from symcnn.imports.comparison import check_output, verified
from symcnn.imports.composed import recognised
from symcnn.imports.onnx import functions, moves, shapes
from symcnn.imports.onnx.given import arrays_of
from symcnn.imports.onnx.model import Model
from symcnn.imports.onnx.reader import check_operators, read
from symcnn.imports.operations import (
    composed,
    shared,
    shared_functions,
    shared_reductions,
    shared_windows,
)
from symcnn.imports.registering import known
from symcnn.problems import Problem

TABLE = Operators()
for _part in (composed, functions, moves, shapes):
    TABLE.update(_part.OPERATORS)
for _shared in (shared, shared_functions, shared_reductions, shared_windows):
    TABLE.update(_shared.OPERATORS.onnx)

WORDS = {
    "Add": "add",
    "Sub": "sub",
    "Mul": "mul",
    "Div": "div",
    "Pow": "pow",
    "Sqrt": "sqrt",
    "Erf": "erf",
    "ReduceMean": "mean",
}
"""What operators are in arithmetic, of which formulas of layers consist."""


def of_file(path: Path, x: Any, options: ImportOptions) -> Problem:
    """Return the problem of a file.

    Raises:
        SymcnnError: See ``from_onnx``.
    """
    model = Model(path, options.output)
    given = arrays_of(model.inputs, x)
    check_operators(model, given, {*known(TABLE), *WORDS})
    found = model.run(given)
    graph = recognised(read(model, given, found), WORDS)
    made = assembled(graph, known(TABLE), given[model.input], options)
    output = np.asarray(found[model.output], dtype=np.float64)
    check_output(output)
    return verified(made, lambda upstream: (output, {}), options)
