"""The parts of a zip archive as PyTorch writes it: few, by exact names, and not compressed.

What the directory says of them is looked at before anything is read, so that a file neither
unfolds to more than its own size nor has more parts than a network has.

Tensors are numbers there as they lie in memory, and a table says where: the sizes, the strides and
the offset of each in a part of plain numbers. All of them are checked before the part is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from math import prod
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown
from symcnn.limits.files import opened, unzipped

_COMMON = (
    r"archive_format|archive_version|byteorder|version|\.format_version|\.storage_alignment"
    r"|\.data/version|\.data/serialization_id"
)
"""Parts that say how the others are written."""

_ENCRYPTED = 1
_AT_ONCE = 2**20

WRITTEN = "write it with torch.export.save"


class Parts:
    """The parts of an archive, by their names without the folder that all of them are in."""

    def __init__(self, archive: ZipFile, known: str) -> None:
        """Look at the directory.

        Args:
            archive: The archive.
            known: A regular expression for the names of the parts that there may be.

        Raises:
            SymcnnError: Names the first part that there may not be.
        """
        self._archive = archive
        self._members: dict[str, ZipInfo] = {}
        names = re.compile(f"[^/]+/(?P<name>{known}|{_COMMON})", re.DOTALL)
        seen, folders = set[str](), set[str]()
        for member in archive.infolist():
            found = names.fullmatch(member.orig_filename)
            if found is None:
                raise SymcnnError(_unknown(member.orig_filename))
            name = found["name"]
            folders.add(member.orig_filename.removesuffix(name))
            if name.lower() in seen or len(folders) > 1:
                raise SymcnnError(f"there are two parts like {shown(name)}: {WRITTEN}")
            _check(member, name)
            seen.add(name.lower())
            self._members[name] = member
        if self.text("byteorder", "little") != "little":
            raise SymcnnError("its numbers are of a machine with another order of bytes: use one")

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part."""
        return name in self._members

    def size(self, name: str) -> int:
        """Return the bytes of a part, or 0 where there is none."""
        return self._members[name].file_size if name in self else 0

    def read(self, name: str, most: int) -> bytes:
        """Return a part of no more than so many bytes.

        Raises:
            SymcnnError: If there is none, or it has more.
        """
        if name not in self:
            raise SymcnnError(f"the part {shown(name)} is missing: {WRITTEN}")
        if self.size(name) > most:
            raise SymcnnError(
                f"the part {shown(name)} has {self.size(name):,} bytes, more than {most:,}: "
                "import a smaller network"
            )
        with _whole(), self._archive.open(self._members[name]) as member:
            return b"".join(iter(lambda: member.read(_AT_ONCE), b""))

    def between(self, name: str, start: int, stop: int) -> bytes:
        """Return some bytes of a part; those before them are passed over."""
        with _whole(), self._archive.open(self._members[name]) as member:
            for at in range(0, start, _AT_ONCE):
                member.read(min(_AT_ONCE, start - at))
            pieces = range(start, stop, _AT_ONCE)
            return b"".join(member.read(min(_AT_ONCE, stop - at)) for at in pieces)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a part that is text.

        Raises:
            SymcnnError: If there is none, or it is none.
        """
        if default is not None and name not in self:
            return default
        try:
            return self.read(name, limits.PROGRAM_BYTES).decode("utf-8")
        except UnicodeDecodeError:
            raise SymcnnError(f"the part {shown(name)} is not text: {WRITTEN}") from None


def _unknown(name: str) -> str:
    part = name.partition("/")[2]
    old = r"serialized_\w+\.(json|pt)|data/(weights|constants)/model\.pt"
    if not part or re.fullmatch(old, part):
        return f"{shown(name)} is of an old layout, a pickled object: {WRITTEN} of a newer PyTorch"
    return (
        f"{shown(name)} is a pickled object, which can run code: export a module of tensors and "
        "numbers alone"
        if re.search("_obj_|pkl|weight|constant", part)
        else f"{shown(name)} is not part of a network: {WRITTEN}, without extra_files"
    )


def _check(member: ZipInfo, name: str) -> None:
    """Refuse a part that is not stored as it is."""
    plain = member.compress_type == ZIP_STORED and not member.flag_bits & _ENCRYPTED
    if not plain or member.file_size != member.compress_size:
        raise SymcnnError(f"the part {shown(name)} is compressed: {WRITTEN}, which stores it")


@contextmanager
def parts_of(file: Path | bytes, known: str) -> Iterator[Parts]:
    """Open an archive; what is wrong with it is one line.

    Raises:
        SymcnnError: If it cannot be read, or has other parts than are known.
    """
    with opened(file) if isinstance(file, Path) else BytesIO(file) as content:
        with _whole():
            archive = unzipped(content)
        with archive:
            yield Parts(archive, known)


@contextmanager
def _whole() -> Iterator[None]:
    """Let what a damaged archive makes its parser raise, which has no end, be one line."""
    try:
        yield
    except SymcnnError:
        raise
    except Exception:
        raise SymcnnError(f"this is not a .pt2 file: {WRITTEN}") from None


NUMBERS = {
    "uint8": "u1",
    "int8": "i1",
    "int16": "<i2",
    "int32": "<i4",
    "int64": "<i8",
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
    "bool": "u1",
    "bfloat16": "<u2",
}
"""How NumPy reads numbers of PyTorch; what it does not know is read as its bits."""

_SCATTERED = 1_024
"""The bytes in which there is an entry of a tensor: what lies between entries is read with them."""


class Stored(NamedTuple):
    """A tensor in a part of an archive.

    Attributes:
        part: The name of the part.
        numbers: What PyTorch calls the type of its numbers.
        shape: Its shape.
        strides: For each axis, how many numbers further the next entry stands.
        offset: Where the first entry stands.
    """

    part: str
    numbers: str
    shape: Shape
    strides: Shape
    offset: int

    @property
    def entries(self) -> int:
        """How many entries it has."""
        return prod(self.shape)

    def checked(self, size: int, name: str) -> Stored:
        """Return the same tensor, if it lies within a part of so many bytes.

        Raises:
            SymcnnError: Names the tensor.
        """
        if self.numbers not in NUMBERS:
            raise SymcnnError(f"{shown(name)} is of {self.numbers} numbers: convert it to float32")
        alike = len(self.shape) == len(self.strides) <= limits.INPUT_AXES
        least = min((*self.shape, *self.strides, self.offset), default=0)
        most = prod(max(n, 1) for n in self.shape)
        if not alike or least < 0 or most > limits.NETWORK_ENTRIES or self._bytes()[1] > size:
            raise SymcnnError(
                f"{shown(name)}, {dimensions(self.shape)}, does not lie within the {size:,} bytes "
                f"of its part: {WRITTEN}"
            )
        start, stop = self._bytes()
        if stop - start > _SCATTERED * (self.entries + 1):
            raise SymcnnError(f"{shown(name)} is scattered over its part: make it contiguous")
        return self

    def _bytes(self) -> tuple[int, int]:
        """Return between which bytes of its part it lies."""
        width = np.dtype(NUMBERS[self.numbers]).itemsize
        last = sum((n - 1) * step for n, step in zip(self.shape, self.strides, strict=True))
        return self.offset * width, (self.offset + last + 1) * width if self.entries else 0

    def read(self, parts: Parts) -> Array:
        """Return its numbers, in float64 if they are floats."""
        numbers = np.dtype(NUMBERS[self.numbers])
        if not self.entries:
            return _widened(np.zeros(self.shape, numbers), self.numbers)
        found = np.frombuffer(parts.between(self.part, *self._bytes()), numbers)
        steps = [step * numbers.itemsize for step in self.strides]
        view = np.lib.stride_tricks.as_strided(found, self.shape, steps, writeable=False)
        return _widened(view, self.numbers)


def _widened(array: Array, numbers: str) -> Array:
    """Return floats in float64, whose first bits those of a bfloat16 are, and truths as such."""
    if numbers == "bool":
        truths: Array = array != 0
        return truths
    if numbers == "bfloat16":
        array = (array.astype(np.uint32) << 16).view(np.float32)
    made: Array = array.astype(np.float64) if array.dtype.kind == "f" else array.copy()
    return made


def within(tensors: Sequence[Stored], bytes_of_parts: int) -> None:
    """Refuse tensors that have more entries together than their parts have bytes.

    Raises:
        SymcnnError: If the same numbers are read again and again.
    """
    entries = sum(tensor.entries for tensor in tensors)
    if entries > bytes_of_parts + limits.FOLDED_ENTRIES:
        raise SymcnnError(
            f"its tensors have {entries:,} entries, and its parts {bytes_of_parts:,} bytes: "
            f"{WRITTEN}"
        )
