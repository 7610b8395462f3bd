"""Arrays in an .npz file, as ``numpy.savez`` writes it; nothing in it is run as code.

Every array begins with a header, its shape and the type of its numbers. Names are read first, then
headers, so that what does not fit is refused before there is memory for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile, ZipInfo

import numpy as np

from symcnn.equations.notation import Shape
from symcnn.equations.values.evaluation import Array
from symcnn.errors import Mistakes, SymcnnError, shown
from symcnn.limits.files import opened, unzipped
from symcnn.limits.machine import memory

_SUFFIX = ".npy"
_NO_MEMORY = "an array does not fit into memory: give fewer samples"
_REMEDY = "save it with numpy.savez(file, x=..., y=...)"
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class Header(NamedTuple):
    """The shape of an array, the type of its numbers, and the bytes that follow."""

    shape: Shape
    dtype: np.dtype[Any]
    held: int

    @property
    def bytes(self) -> int:
        """How much memory the numbers take."""
        return prod(self.shape) * self.dtype.itemsize


class Archive:
    """The arrays of an .npz file by their names.

    Attributes:
        names: What they are called; no more than that has been read.
    """

    def __init__(self, path: Path) -> None:
        """Read the directory.

        Raises:
            SymcnnError: If the file cannot be read, or is something else.
        """
        self._path = path
        with self._members() as members:
            self.names = [_name(member) for member in members.namelist()]

    def check_names(self, known: Collection[str], refusal: Callable[[str], str]) -> None:
        """Refuse arrays of other names, before anything is read of them.

        Raises:
            SymcnnError: A line for each, which the function makes of its name.
        """
        mistakes = Mistakes()
        for name in mistakes.first([name for name in self.names if name not in known]):
            with mistakes.collected():
                raise SymcnnError(refusal(name))
        mistakes.end()

    def headers(self, names: Iterable[str]) -> dict[str, Header]:
        """Return what the file says of arrays before their numbers."""
        with self._members() as members:
            return {name: _header(members, name) for name in names}

    def array(self, name: str) -> Array:
        """Return the numbers of one array.

        Raises:
            SymcnnError: If they are objects of Python, or cannot be read.
        """
        (header,) = self.headers([name]).values()
        if header.dtype.hasobject:
            raise SymcnnError(
                f"{shown(name)} contains Python objects, which are not read: save an array of "
                "numbers"
            )
        available = memory()
        if available is not None and header.bytes > available:
            raise SymcnnError(_NO_MEMORY)
        if header.held < header.bytes:
            raise SymcnnError(f"{shown(name)} has fewer numbers than it says: {_REMEDY}")
        with self._members() as members, members.open(f"{name}{_SUFFIX}") as member:
            array: Array = np.lib.format.read_array(member, allow_pickle=False)
            return array

    def arrays(self) -> dict[str, Array]:
        """Return the numbers of all arrays.

        Raises:
            SymcnnError: As ``array`` does.
        """
        return {name: self.array(name) for name in self.names}

    @contextmanager
    def _members(self) -> Iterator[ZipFile]:
        """Open the file; what is wrong with it is one line."""
        try:
            with opened(self._path) as file:
                if file.read(len(np.lib.format.MAGIC_PREFIX)) == np.lib.format.MAGIC_PREFIX:
                    raise SymcnnError(f"the file contains a single array without a name: {_REMEDY}")
                with unzipped(file) as members:
                    yield members
        except SymcnnError:
            raise
        except MemoryError:
            raise SymcnnError(_NO_MEMORY) from None
        except Exception:  # what a damaged file makes the parsers raise has no end
            raise SymcnnError(f"this is not a valid .npz file: {_REMEDY}") from None


def archived(arrays: Mapping[str, Array]) -> bytes:
    """Return the content of an .npz file with arrays by their names."""
    content = BytesIO()
    with ZipFile(content, "w") as members:
        for name, array in arrays.items():
            with members.open(ZipInfo(f"{name}{_SUFFIX}"), "w") as member:  # of no date
                np.lib.format.write_array(member, array, allow_pickle=False)
    return content.getvalue()


def _name(member: str) -> str:
    """Return the name of the array that a member of the file holds."""
    if not member.endswith(_SUFFIX):
        raise SymcnnError(f"{shown(member)} is not an array: {_REMEDY}")
    return member.removesuffix(_SUFFIX)


def _header(members: ZipFile, name: str) -> Header:
    """Return what stands before the numbers of an array."""
    info = members.getinfo(f"{name}{_SUFFIX}")
    with members.open(info) as member:
        shape, _, dtype = _HEADERS[np.lib.format.read_magic(member)](member)
        return Header(shape, dtype, info.file_size - member.tell())
