"""A model of ONNX with other numbers in its initialisers, and everything else as it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from symcnn.equations.values import Array
from symcnn.errors import Mistakes, SymcnnError, TooLargeError, shown
from symcnn.imports.onnx.model import complete
from symcnn.problems.weights.origin import Origin

_MOST = 2**31 - 1
"""The bytes that a file of protocol buffers can have."""


def rewritten(path: Path, origin: Origin, tensors: Mapping[str, Array]) -> bytes:
    """Return the content of a model's file with the numbers of a network.

    Args:
        path: The model.
        origin: Which of its initialisers the network has taken.
        tensors: The numbers of the network's tensors.

    Raises:
        SymcnnError: See ``to_onnx``.
        TooLargeError: If no single file holds the model.
    """
    model = complete(path)
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    mistakes = Mistakes()
    for name, stored in origin.arrays.items():
        with mistakes.collected():
            if name not in held or tuple(held[name].dims) != stored.shape:
                raise SymcnnError(
                    f"the model has no initializer {shown(name)} of this shape: give the model "
                    "that the problem was imported from"
                )
    mistakes.end()
    base = {name: _numbers(held[name]) for name in origin.arrays}
    for name, array in origin.filled(tensors, base):
        if not np.array_equal(array, base[name]):
            _write(held[name], array)
    if model.ByteSize() > _MOST:
        raise TooLargeError("the model has more than 2 GB, which no single file of ONNX can have")
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def _numbers(tensor: Any) -> Array:
    made: Array = numpy_helper.to_array(tensor).astype(np.float64)
    return made


def _write(tensor: Any, array: Array) -> None:
    """Put numbers into an initialiser, in the type that it has, and leave what else it says."""
    typed = array.astype(helper.tensor_dtype_to_np_dtype(tensor.data_type))
    made = numpy_helper.from_array(typed, tensor.name)
    for field in ("float_data", "double_data", "int32_data"):
        tensor.ClearField(field)
    tensor.raw_data = made.raw_data
