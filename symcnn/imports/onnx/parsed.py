"""A file of ONNX as its message: data alone, read within limits and looked at before it is used."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import onnx
from onnx import helper, inliner

from symcnn import limits
from symcnn.errors import SymcnnError, TooLargeError, fitted, shown
from symcnn.imports.onnx.bounds import check_structure
from symcnn.limits.files import content_of, opened


def parsed(path: Path) -> Any:
    """Return the model of a file, with functions put where they are called.

    Raises:
        SymcnnError: If it cannot be read, or is no model.
        TooLargeError: If it claims more than is imported.
    """
    content = content_of(path, limits.IMPORTED_BYTES)
    try:
        model = onnx.ModelProto.FromString(content)
        check_structure(model)
        _fetch_arrays(model, path.parent)
        onnx.checker.check_model(model)
        made = inliner.inline_local_functions(model) if model.functions else model
    except (SymcnnError, MemoryError):
        raise
    except Exception as error:
        reason = shown(f"{type(error).__name__}: {error}".split("\n")[0])
        raise SymcnnError(fitted("this is no valid ONNX model (", reason, "): check it")) from None
    _drop_what_is_not_read(made.graph)
    return made


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
    with opened(_beside(said.get("location", ""), folder)) as content:
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
        raise SymcnnError("this is no file beside the model: save the model again")
    return file


def _drop_what_is_not_read(graph: Any) -> None:
    """Keep the nodes that the output depends on."""
    needed = {value.name for value in graph.output}
    kept = []
    for node in reversed(graph.node):
        if needed & {*node.output}:
            kept.append(node)
            needed |= {*node.input}
    del graph.node[:]
    graph.node.extend(kept[::-1])
