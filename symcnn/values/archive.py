"""Arrays in an .npz file, as ``numpy.savez`` writes it; nothing in it is run as code.

Every array begins with a header, its shape and the type of its numbers. Headers are read first,
so that what does not fit is refused before there is memory for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile, ZipInfo

import numpy as np

from symcnn.errors import SymcnnError, shown
from symcnn.notation import Shape
from symcnn.values.evaluation import Array

_SUFFIX = ".npy"
_REMEDY = "save it with numpy.savez(file, x=..., y=...)"
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


class Header(NamedTuple):
    """The shape of an array, and the type of its numbers."""

    shape: Shape
    dtype: np.dtype[Any]


class Archive:
    """The arrays of an .npz file by their names.

    Attributes:
        headers: What the file says of each before its numbers.
    """

    def __init__(self, path: Path) -> None:
        """Read the headers.

        Raises:
            SymcnnError: If the file cannot be read, or is something else.
        """
        self._path = path
        with self._members() as members:
            self.headers: Mapping[str, Header] = {
                member.removesuffix(_SUFFIX): _header(members, member)
                for member in members.namelist()
            }

    def array(self, name: str) -> Array:
        """Return the numbers of one array.

        Raises:
            SymcnnError: If they are objects of Python, or cannot be read.
        """
        if self.headers[name].dtype.hasobject:
            raise SymcnnError(
                f"{shown(name)} contains Python objects, which are not read: save an array of "
                "numbers"
            )
        with self._members() as members, members.open(f"{name}{_SUFFIX}") as member:
            array: Array = np.lib.format.read_array(member, allow_pickle=False)
            return array

    @contextmanager
    def _members(self) -> Iterator[ZipFile]:
        """Open the file; what is wrong with it is one line."""
        try:
            with self._path.open("rb") as file:
                if file.read(len(np.lib.format.MAGIC_PREFIX)) == np.lib.format.MAGIC_PREFIX:
                    raise SymcnnError(f"the file contains a single array without a name: {_REMEDY}")
                with ZipFile(file) as members:
                    yield members
        except SymcnnError:
            raise
        except OSError as error:
            reason = error.strerror or "it is damaged"
            raise SymcnnError(f"cannot read the file: {reason}: check its name") from None
        except MemoryError:
            raise SymcnnError("an array does not fit into memory: give fewer samples") from None
        except Exception:  # what a damaged file makes the parsers raise has no end
            raise SymcnnError(f"this is not a valid .npz file: {_REMEDY}") from None


def arrays_of(path: str | Path) -> dict[str, Array]:
    """Return every array of an .npz file by its name.

    Raises:
        SymcnnError: If the file cannot be read, is something else, or holds objects that
            are no arrays of numbers.
    """
    archive = Archive(Path(path))
    return {name: archive.array(name) for name in archive.headers}


def archived(arrays: Mapping[str, Array]) -> bytes:
    """Return the content of an .npz file with arrays by their names."""
    content = BytesIO()
    with ZipFile(content, "w") as members:
        for name, array in arrays.items():
            with members.open(ZipInfo(f"{name}{_SUFFIX}"), "w") as member:  # of no date
                np.lib.format.write_array(member, array, allow_pickle=False)
    return content.getvalue()


def _header(members: ZipFile, name: str) -> Header:
    """Return what stands before the numbers of an array."""
    if not name.endswith(_SUFFIX):
        raise SymcnnError(f"{shown(name)} is not an array: {_REMEDY}")
    with members.open(name) as member:
        shape, _, dtype = _HEADERS[np.lib.format.read_magic(member)](member)
    return Header(shape, dtype)
