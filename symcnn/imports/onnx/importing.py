"""From a model to a problem, compared with what the reference evaluator computes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.imports.assembling import assembled
from symcnn.imports.comparison import ImportReport, compared, told
from symcnn.imports.composed import recognised
from symcnn.imports.onnx.model import Model
from symcnn.imports.onnx.operators import TABLE, WORDS
from symcnn.imports.onnx.reader import check_operators, read
from symcnn.network.losses import Loss
from symcnn.problems import Problem


def imported(
    path: Path,
    x: Any,
    loss: Loss | None,
    target: Any,
    title: str,
    report: Callable[[ImportReport], Any] | None,
) -> Problem:
    """Return the problem of a file.

    Raises:
        SymcnnError: See ``from_onnx``.
    """
    model = Model(path)
    check_operators(model, {*TABLE, *WORDS})
    given = model.input_array(x)
    found = model.run(given)
    graph = recognised(read(model, given, found), WORDS)
    made = assembled(graph, TABLE, given, loss, target, title)
    output = np.asarray(found[model.output], dtype=np.float64)
    if not np.isfinite(output).all():
        raise SymcnnError("the output is not finite, as after a division by 0: give another input")
    told(compared(made, lambda upstream: (output, {})), report)
    return made.problem
