"""Tensors in an archive: their numbers as they lie in memory, and a table that says where.

A table has the sizes, the strides and the offset of a tensor in a part of plain numbers. All of
them are checked before the part is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from symcnn import limits
from symcnn.equations.notation import Shape, dimensions
from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown
from symcnn.imports.torch.parts import WRITTEN, Parts

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
