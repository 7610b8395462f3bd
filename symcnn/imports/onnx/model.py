"""A model of ONNX in float64: its input, its output, and what it computes of an input.

Its file is data alone, read within limits and looked at before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import onnx
from onnx import helper, inliner, numpy_helper

from symcnn import limits
from symcnn.equations.values import Array
from symcnn.errors import Mistakes, SymcnnError, TooLargeError, fitted, shown
from symcnn.imports.choosing import Output, chosen
from symcnn.imports.graph import needed
from symcnn.imports.onnx.bounds import check_structure
from symcnn.imports.onnx.evaluator import evaluated, explicit, meant
from symcnn.imports.onnx.given import FLOATS, stated_in
from symcnn.imports.onnx.naming import is_factor, type_name
from symcnn.limits.files import content_of, opened
from symcnn.problems.weights.origin import Origin

OLDEST = 7
"""The oldest set of operators that is read; before it, broadcasting was another."""

_DOUBLE, _SINGLE = onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT
_PICKLES = (b"PK\x03\x04", b"\x80")
"""What archives and pickles of Python begin with."""


class Model:
    """A model with all its numbers in float64.

    Attributes:
        proto: The model.
        opset: The set of operators.
        inputs: What it is given.
        input: The name of the first of these, the input of the network.
        output: The name of the output.
        numbers: The types of the numbers of its arrays, by name, as its file has them.
    """

    def __init__(self, path: str | Path, output: Output = None) -> None:
        """Read a file, and the files beside it that hold its arrays.

        Raises:
            SymcnnError: If it is no model, too old, or takes or returns several tensors.
        """
        self.proto = parsed(Path(path))
        self.opset = next((o.version for o in self.proto.opset_import if not o.domain), 0)
        newest = onnx.defs.onnx_opset_version()
        if self.opset > newest:
            raise SymcnnError(f"the model uses opset {self.opset}, after {newest}: update onnx")
        if self.opset < OLDEST:
            raise SymcnnError(
                f"the model uses opset {self.opset}, before {OLDEST}: convert it with "
                "onnx.version_converter.convert_version"
            )
        graph = self.proto.graph
        self.inputs, names = stated_in(self.proto), [value.name for value in graph.output]
        self.input, self.output = self.inputs[0].name, names[chosen(names, output, "model")]
        _keep(self.proto, [self.output])
        try:
            self.numbers = {t.name: type_name(t) for t in graph.initializer}
            with np.errstate(all="ignore"):  # some numbers are none
                self._double()
        except (TypeError, ValueError) as error:
            before = "an array of the model cannot be read ("
            raise SymcnnError(fitted(before, shown(str(error)), "): save it again")) from None

    def run(self, given: Mapping[str, Array]) -> dict[str, Any]:
        """Return all tensors that the model computes of its inputs, by name.

        Raises:
            SymcnnError: If the reference evaluator cannot run it.
            TooLargeError: If it would compute too much.
        """
        try:
            return evaluated(self.proto, self.opset, given)
        except (SymcnnError, MemoryError):
            raise
        except Exception as error:
            reason = shown(f"{type(error).__name__}: {error}".split("\n")[0])
            before = "onnx.reference cannot run the model ("
            raise SymcnnError(fitted(before, reason, "): check it with onnx.checker")) from None

    def _double(self) -> None:
        graph = self.proto.graph
        del graph.value_info[:]
        for value in (*graph.input, *graph.output):
            if value.type.tensor_type.elem_type in FLOATS:
                value.type.tensor_type.elem_type = _DOUBLE
        for tensor in graph.initializer:
            _widen(tensor)
        for node in graph.node:
            explicit(node, self.opset)
            for attribute in node.attribute:
                if attribute.HasField("t"):
                    _widen(attribute.t)
                if node.op_type == "Cast" and attribute.name == "to" and attribute.i in FLOATS:
                    attribute.i = _DOUBLE
                if attribute.name in ("value_float", "value_floats"):
                    _as_tensor(attribute)


def _widen(tensor: Any) -> None:
    """Change a tensor of floats to 64 bits; a factor becomes the one that is meant."""
    if tensor.data_type in FLOATS:
        array = numpy_helper.to_array(tensor).astype(np.float64)
        if tensor.data_type == _SINGLE and is_factor(tensor):
            array = np.full(array.shape, meant(array.item()))
        tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))


def _as_tensor(attribute: Any) -> None:
    """Change a constant that is given as floats to a tensor of 64 bits."""
    numbers = meant(attribute.f) if attribute.name == "value_float" else [*attribute.floats]
    tensor = numpy_helper.from_array(np.array(numbers, dtype=np.float64))
    attribute.CopyFrom(onnx.helper.make_attribute("value", tensor))


def complete(path: Path) -> Any:
    """Return the model of a file as it is, with the arrays that it keeps beside it.

    Raises:
        SymcnnError: If it cannot be read, or is no model.
        TooLargeError: If it claims more than is imported.
    """
    return _read(path, lambda model: model)


def parsed(path: Path) -> Any:
    """Return the model of a file, with functions put where they are called.

    Raises:
        SymcnnError: If it cannot be read, or is no model.
        TooLargeError: If it claims more than is imported.
    """
    made = _read(path, lambda m: inliner.inline_local_functions(m) if m.functions else m)
    _keep(made, [value.name for value in made.graph.output])
    return made


def _keep(model: Any, outputs: Sequence[str]) -> None:
    """Leave out the nodes that these outputs do not depend on."""
    nodes = model.graph.node
    kept = needed(nodes, outputs, lambda node: node.output, lambda node: node.input)
    del nodes[:]
    nodes.extend(kept)


def _read(path: Path, changed: Callable[[Any], Any]) -> Any:
    content = content_of(path, limits.IMPORTED_BYTES)
    if content.startswith(_PICKLES):
        raise SymcnnError(
            "this is no ONNX model but a pickle, as torch.save writes it, which is never read: "
            "write the model with torch.onnx.export"
        )
    try:
        model = onnx.ModelProto.FromString(content)
        check_structure(model)
        _fetch_arrays(model, path.parent)
        onnx.checker.check_model(model)
        return changed(model)
    except (SymcnnError, MemoryError):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".split("\n")[0]
        raise SymcnnError(
            fitted("this is not a valid ONNX model (", reason, "): export it again")
        ) from None


def _fetch_arrays(model: Any, folder: Path) -> None:
    """Read the arrays that the model keeps in files beside it."""
    left = limits.IMPORTED_BYTES
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            said = {entry.key: entry.value for entry in tensor.external_data}
            try:
                _fetch(tensor, said, folder, left)
            except (SymcnnError, ValueError) as error:
                before = f"the array {shown(tensor.name)} in {shown(said.get('location', ''))}: "
                raise SymcnnError(before + str(error)) from None
            left -= len(tensor.raw_data)


def _fetch(tensor: Any, said: dict[str, str], folder: Path, most: int) -> None:
    """Read the numbers of one array, of as many bytes as its shape and its type take."""
    entry, size = helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize, 1
    for length in tensor.dims:
        size *= length
    size *= entry
    if size > most:
        raise TooLargeError(f"the model has more than {limits.IMPORTED_BYTES:,} bytes: use a part")
    offset = int(said.get("offset", "0"))
    if offset < 0 or int(said.get("length", size)) != size:
        raise SymcnnError(f"its place does not hold {size:,} bytes: save the model again")
    file = _beside(said.get("location", ""), folder)
    if not file.exists():
        raise SymcnnError("there is no such file beside the model: copy it there too")
    with opened(file) as content:
        content.seek(offset)
        tensor.raw_data = content.read(size)
    if len(tensor.raw_data) < size:
        raise SymcnnError(f"the file ends before its {size:,} bytes: save the model again")
    tensor.data_location = onnx.TensorProto.DEFAULT
    del tensor.external_data[:]


def _beside(location: str, folder: Path) -> Path:
    """Return a file in the folder of the model, or below it; every other is refused."""
    parts = PurePosixPath(location.replace("\\", "/")).parts
    file = folder.joinpath(*parts)
    is_plain = parts and "\0" not in location and not {"/", ".."} & {*parts}
    if not is_plain or not file.resolve().is_relative_to(folder.resolve()):
        raise SymcnnError("this is not a file beside the model: save the model again")
    return file


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
