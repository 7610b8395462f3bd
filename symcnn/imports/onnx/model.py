"""A model of ONNX in float64: its input, its output, and what it computes of an input.

Its file is data alone, read within limits and looked at before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import onnx
from onnx import helper, inliner, numpy_helper

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError, fitted, shown
from symcnn.imports.choosing import Output, chosen
from symcnn.imports.graph import needed
from symcnn.imports.inputs import check_input
from symcnn.imports.onnx.bounds import check_structure
from symcnn.imports.onnx.evaluator import evaluated, explicit, meant
from symcnn.imports.onnx.naming import is_factor, type_name
from symcnn.limits.files import content_of, opened

OLDEST = 7
"""The oldest set of operators that is read; before it, broadcasting was another."""

_DOUBLE, _SINGLE = onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT
FLOATS = (_DOUBLE, _SINGLE, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16)
"""The types of numbers that are read, all of them in 64 bits."""

_PICKLES = (b"PK\x03\x04", b"\x80")
"""What archives and pickles of Python begin with."""

BOOL = onnx.TensorProto.BOOL
"""The type of masks, which are 0 and 1."""

_NO_NUMBERS = (
    onnx.TensorProto.UNDEFINED,
    onnx.TensorProto.STRING,
    onnx.TensorProto.COMPLEX64,
    onnx.TensorProto.COMPLEX128,
)
"""The types of what is no real number."""


class Model:
    """A model with all its numbers in float64.

    Attributes:
        proto: The model.
        opset: The set of operators.
        input: The name of the input.
        shape: Its shape; None stands for what the model leaves open.
        output: The name of the output.
        numbers: The types of the numbers of its arrays, by name, as its file has them.
    """

    def __init__(self, path: str | Path, output: Output = None) -> None:
        """Read a file, and the files beside it that hold its arrays.

        Args:
            path: The file.
            output: Which output is meant, if there are several.

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
        held = {tensor.name for tensor in graph.initializer}
        given = [value for value in graph.input if value.name not in held]
        if len(given) != 1:
            named = shown([value.name for value in given])
            raise SymcnnError(
                f"the model has {len(given)} inputs, {named}: let all but one be initializers"
            )
        names = [value.name for value in graph.output]
        self.input, self.output = given[0].name, names[chosen(names, output, "model")]
        self.shape = _stated_shape(given[0].type)
        try:
            self.numbers = {t.name: type_name(t) for t in graph.initializer}
            with np.errstate(all="ignore"):  # some numbers are none
                self._double()
        except (TypeError, ValueError) as error:
            before = "an array of the model cannot be read ("
            raise SymcnnError(fitted(before, shown(str(error)), "): save it again")) from None

    def run(self, x: Array) -> dict[str, Any]:
        """Return all tensors that the model computes, by name.

        Raises:
            SymcnnError: If the reference evaluator cannot run it.
            TooLargeError: If it would compute too much.
        """
        try:
            return evaluated(self.proto, self.opset, {self.input: x})
        except (SymcnnError, MemoryError):
            raise
        except Exception as error:
            reason = shown(f"{type(error).__name__}: {error}".split("\n")[0])
            before = "onnx.reference cannot run the model ("
            raise SymcnnError(fitted(before, reason, "): check it with onnx.checker")) from None

    def input_array(self, x: Any) -> Array:
        """Return the input in float64; where none is given, random numbers of the stated shape.

        Raises:
            SymcnnError: If it has another shape, or the model leaves lengths open.
        """
        if x is None:
            open_ = (1 if axis == 0 and n is None else n for axis, n in enumerate(self.shape))
            return np.random.default_rng(0).uniform(size=_closed(tuple(open_)))
        array = np.asarray(x)
        check_input(array, self.shape)
        own = next(value for value in self.proto.graph.input if value.name == self.input)
        is_float = own.type.tensor_type.elem_type == _DOUBLE
        return array.astype(np.float64) if is_float or array.dtype.kind in "fb" else array

    def _double(self) -> None:
        """Let all numbers be of 64 bits."""
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


def _stated_shape(stated: Any) -> tuple[int | None, ...]:
    """Return the shape of the input; None stands for a length that is left open."""
    kind = stated.tensor_type
    if kind.elem_type in _NO_NUMBERS:
        raise SymcnnError("the input is not an array of numbers: import a model that reads one")
    shape = tuple(d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim)
    lengths = [n for n in shape if n is not None]
    if not shape or len(shape) > limits.INPUT_AXES + 1 or min(lengths, default=1) < 1:
        raise SymcnnError(
            f"the model states an input of shape {shown([*shape])}: give it an axis of "
            f"samples, at most {limits.INPUT_AXES} more, and lengths above 0"
        )
    if len(shape) == 1:
        raise SymcnnError(
            f"the input has a single axis, {shape}, but the first one counts the samples: export "
            "the model with an axis of samples"
        )
    if prod(lengths) > limits.IMPORTED_ENTRIES:
        raise TooLargeError(
            f"the input has {prod(lengths):,} entries, more than the {limits.IMPORTED_ENTRIES:,} "
            "of a network that is imported: use a smaller one"
        )
    return shape


def _closed(shape: tuple[int | None, ...]) -> Shape:
    if None in shape:
        raise SymcnnError(
            f"the model leaves its input open, {shape}: give an array x, by --data FILE.npz"
        )
    return tuple(n for n in shape if n is not None)


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
    nodes, outputs = made.graph.node, (value.name for value in made.graph.output)
    kept = needed(nodes, outputs, lambda node: node.output, lambda node: node.input)
    del nodes[:]
    nodes.extend(kept)
    return made


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
