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
from symcnn.errors import Mistakes, SymcnnError, TooLargeError, expect_path, fitted, located, shown
from symcnn.imports.choosing import needed
from symcnn.limits.files import distinct, opened
from symcnn.problems import Problem
from symcnn.problems.weights.origin import Stored
from symcnn.problems.weights.state import tensors_of, usual

_IGNORED = "num_batches_tracked"


def with_safetensors(problem: Problem, path: str | PathLike[str]) -> Problem:
    """Return the same problem with the weights of a file of safetensors.

    Arrays are called, and have the shapes, as in ``Problem.state_dict``: as in the source of an
    imported network, and as PyTorch has them for one that was written here, such as
    "layer1.0.conv1.weight" for the weight of the layer "layer1.0.conv1". Kernels change to
    (height, width, inputs, filters), and columns of a dense layer behind a flattened image move
    with its entries. Running statistics, "running_mean" and "running_var", are given tensors.

    Args:
        problem: The network, with any numbers.
        path: The file.

    Raises:
        SymcnnError: If the package safetensors is missing, the file cannot be read, or lists the
            names and shapes that do not fit.
    """
    needed("safetensors", "safetensors")
    expect_path(path)
    with located(path):
        held = _File(Path(path))
        stored = (problem.origin or usual(problem.network)).arrays
        wanted = {name: array for name, array in stored.items() if array.parts}
        mistakes, values = Mistakes(), dict(problem.values)
        others = [n for n in held.names if n not in stored and not n.endswith(_IGNORED)]
        for name in mistakes.first(others):
            with mistakes.collected():
                raise SymcnnError(f"no layer takes {shown(name)}: {known(name, [*wanted])}")
        for name, array in wanted.items():
            with mistakes.collected():
                _check(name, held, array)
        mistakes.end()
        read = {name: held.array(name) for name in wanted}
        return problem.with_values(values | tensors_of(wanted, read))


def _check(name: str, held: _File, wanted: Stored) -> None:
    """Refuse an array that is not there, or has another shape."""
    if name not in held.names:
        raise SymcnnError(f"the file has no {shown(name)}: save the weights of all layers")
    if held.shape(name) != wanted.shape:
        raise SymcnnError(
            f"{name} has the shape {dimensions(held.shape(name))}, but {dimensions(wanted.shape)} "
            "is needed: save the weights of this network"
        )


_LENGTH = 8
"""The bytes in front of the header that say how long it is."""

_METADATA = "__metadata__"
"""What stands in a header beside arrays."""

_TYPES = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")
"""The types of numbers that NumPy has."""


class _File:
    """The arrays of a file by their names."""

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
