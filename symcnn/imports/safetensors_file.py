"""A file of safetensors: what its header says of arrays, and the numbers of some of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, TooLargeError, fitted, shown
from symcnn.limits.files import distinct, opened

_LENGTH = 8
"""The bytes in front of the header that say how long it is."""

_METADATA = "__metadata__"
"""What stands in a header beside arrays."""

_TYPES = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")
"""The types of numbers that NumPy has."""


class Stored:
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
        before, after = "this is no file of floats in safetensors (", "): save it in float32"
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
