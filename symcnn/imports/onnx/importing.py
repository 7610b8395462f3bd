"""From a model to a problem, compared with what the reference evaluator computes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError
from symcnn.imports.assembling import ImportOptions
from symcnn.imports.comparison import imported
from symcnn.imports.composed import recognised
from symcnn.imports.onnx.model import Model
from symcnn.imports.onnx.operators import TABLE, WORDS
from symcnn.imports.onnx.reader import check_operators, read
from symcnn.problems import Problem


def of_file(path: Path, x: Any, options: ImportOptions) -> Problem:
    """Return the problem of a file.

    Raises:
        SymcnnError: See ``from_onnx``.
    """
    model = Model(path)
    check_operators(model, {*TABLE, *WORDS})
    given = model.input_array(x)
    found = model.run(given)
    graph = recognised(read(model, given, found), WORDS)
    output = np.asarray(found[model.output], dtype=np.float64)

    def source(upstream: Array) -> tuple[Array, Mapping[str, Array]]:
        if not np.isfinite(output).all():
            fault = "the output is not finite, as after a division by 0: give another input"
            raise SymcnnError(fault)
        return output, {}

    return imported(graph, TABLE, given, options, source)
