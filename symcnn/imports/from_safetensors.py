"""``with_safetensors``: the weights of a file of safetensors for a network that is there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array, known
from symcnn.errors import Mistakes, SymcnnError, TooLargeError, fitted, located, shown
from symcnn.imports.packages import needed
from symcnn.imports.placed import Folded
from symcnn.limits.files import distinct, opened
from symcnn.network import layers
from symcnn.network.network import Network
from symcnn.network.stage import Stage
from symcnn.problems import Problem

_CALLED = {"mean": "running_mean", "variance": "running_var"}
"""What PyTorch calls given tensors."""

_IGNORED = "num_batches_tracked"


def with_safetensors(problem: Problem, path: str | PathLike[str]) -> Problem:
    """Return the same problem with the weights of a file of safetensors.

    Arrays are found by name, "layer1.0.conv1.weight" for the weight of the layer "layer1.0.conv1",
    and have the layout of PyTorch: kernels change to (height, width, inputs, filters), and columns
    of a dense layer behind a flattened image move with its entries. Running statistics,
    "running_mean" and "running_var", are given tensors.

    Args:
        problem: The network, with any numbers.
        path: The file.

    Raises:
        SymcnnError: If the package safetensors is missing, the file cannot be read, or lists the
            names and shapes that do not fit.
    """
    needed("safetensors", "safetensors")
    with located(path):
        held = _File(Path(path))
        wanted = dict(_wanted(problem.network))
        mistakes, values = Mistakes(), dict(problem.values)
        others = [n for n in held.names if n not in wanted and not n.endswith(_IGNORED)]
        for name in mistakes.first(others):
            with mistakes.collected():
                raise SymcnnError(f"no layer takes {shown(name)}: {known(name, [*wanted])}")
        for name, (stage, key) in wanted.items():
            with mistakes.collected():
                tensor = {**stage.parameters, **stage.givens}[key]
                values[tensor.name] = _own(name, held, stage, key, problem.network)
        mistakes.end()
        return problem.with_values(values)


def _wanted(network: Network) -> Iterator[tuple[str, tuple[Stage, str]]]:
    """Run over what the layers take: its name in a file, the layer, and the key there."""
    for stage in network.stages:
        own = {} if stage.shares else stage.parameters
        for key in (*own, *stage.givens):
            yield f"{stage.output.name}.{_CALLED.get(key, key)}", (stage, key)


def _own(name: str, held: _File, stage: Stage, key: str, network: Network) -> Array:
    """Return an array in the layout of symcnn."""
    if name not in held.names:
        raise SymcnnError(f"the file has no {shown(name)}: save the weights of all layers")
    tensor, stated = {**stage.parameters, **stage.givens}[key], held.shape(name)
    axes = _axes(stage, key, len(stated))
    shape = tuple(stated[axis] for axis in axes)
    if shape != tensor.shape:
        raise SymcnnError(
            f"{name} has the shape {dimensions(shape)} in the layout of symcnn, but "
            f"{dimensions(tensor.shape)} is needed: save the weights of this network"
        )
    made: Array = held.array(name).transpose(axes)
    is_matrix = key == "weight" and isinstance(stage.layer, layers.Dense)
    return made[:, _columns(stage, network)] if is_matrix else made


def _axes(stage: Stage, key: str, rank: int) -> tuple[int, ...]:
    """Return the order in which an array has the axes of PyTorch."""
    if key == "weight" and isinstance(stage.layer, layers.Conv1D | layers.Conv2D) and rank > 2:
        return (*range(2, rank), 1, 0)
    if key == "weight" and isinstance(stage.layer, layers.ConvTranspose2D) and rank == 4:
        return (2, 3, 0, 1)
    return tuple(range(rank))


def _columns(stage: Stage, network: Network) -> Any:
    """Return the order of the columns of a dense weight: of an image, PyTorch's is another."""
    by_name = {s.output.name: s for s in network.stages}
    (read,) = stage.inputs
    while read.name in by_name:
        before = by_name[read.name]
        (*others, read) = before.inputs
        if isinstance(before.layer, layers.Flatten):
            shape = read.of_one_sample().shape
            last = len(shape) - 1
            return Folded(shape, (last, *range(last))).columns()
        if others or not isinstance(before.layer, layers.Activation | layers.Dropout):
            break
    return slice(None)


_LENGTH = 8
"""The bytes in front of the header that say how long it is."""

_METADATA = "__metadata__"
"""What stands in a header beside arrays."""

_TYPES = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")
"""The types of numbers that NumPy has."""


class _File:
    """The arrays of a file by their names.

    Attributes:
        names: The names.
    """

    def __init__(self, path: Path) -> None:
        """Read the header; no numbers yet.

        Raises:
            SymcnnError: If the file cannot be read, or is no such file.
            TooLargeError: If its header is too long.
        """
        from safetensors import safe_open

        self._path = path
        with _understood():
            self._header = _header(path)
            with safe_open(path, "numpy"):  # it checks where arrays begin and end
                self.names = [name for name in self._header if name != _METADATA]

    def shape(self, name: str) -> Shape:
        """Return the shape that the file states."""
        return tuple(self._header[name]["shape"])

    def array(self, name: str) -> Array:
        """Return the numbers of an array in 64 bits.

        Raises:
            SymcnnError: If they are of a type that NumPy has not.
        """
        from safetensors import safe_open

        kind = self._header[name]["dtype"]
        if kind not in _TYPES:
            raise SymcnnError(f"{shown(name)} is an array of {shown(kind)}: save it in float32")
        with _understood(), safe_open(self._path, "numpy") as content, np.errstate(all="ignore"):
            return np.asarray(content.get_tensor(name), dtype=np.float64)


@contextmanager
def _understood() -> Iterator[None]:
    """Say in one line that a file is something else."""
    from safetensors import SafetensorError

    try:
        yield
    except SymcnnError:
        raise
    except MemoryError:
        raise SymcnnError("an array does not fit into memory: save a smaller network") from None
    except (SafetensorError, OSError, TypeError, ValueError, RecursionError) as error:
        before, after = "this is not a safetensors file of floats (", "): save it in float32"
        raise SymcnnError(fitted(before, shown(str(error)), after)) from None


def _header(path: Path) -> dict[str, Any]:
    """Return the header, in which every name stands once."""
    with opened(path) as content:
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        length = int.from_bytes(content.read(_LENGTH), "little")
        if length > size - _LENGTH:
            raise ValueError(f"a header of {length} bytes in a file of {size}")
        if length > limits.ARCHIVE_DIRECTORY_BYTES:
            raise TooLargeError("the header of the file is too long: save fewer arrays in it")
        header: Any = json.loads(content.read(length), object_pairs_hook=distinct)
    if not isinstance(header, dict):
        raise ValueError("a header without names")
    return header
