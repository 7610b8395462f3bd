"""A long row of floats that is read exactly where it is looked at: 0.1 is 1/10.

A network has millions of weights, and an exact number takes 250 bytes: a row holds floats, of 8
bytes each, and makes exact numbers of those that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from sympy import Expr

from symcnn import limits
from symcnn.equations.values.evaluation import Array
from symcnn.equations.values.exact import exact

LONG = 4_096
"""So many numbers make a long row; shorter ones are read once and for all."""

_TOO_LARGE = 10.0**limits.NUMBER_EXPONENT
_WHOLE = 2**53
"""Floats hold every integer up to this one."""


class Row(Sequence[Expr]):
    """Exact numbers in row-major order, each made from a float when it is asked for.

    Attributes:
        array: The floats, which do not change.
    """

    __slots__ = ("array",)

    def __init__(self, array: Array) -> None:
        """Keep a copy of the numbers in 64 bits; all are finite (see ``long_row``)."""
        self.array = np.array(array, dtype=np.float64).ravel()
        self.array.flags.writeable = False

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return int(self.array.size)

    @overload
    def __getitem__(self, at: int) -> Expr: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Expr, ...]: ...
    def __getitem__(self, at: int | slice) -> Expr | tuple[Expr, ...]:
        """Return one number exactly, or those of a slice."""
        if isinstance(at, slice):
            return tuple(exact(number, "it") for number in self.array[at].tolist())
        return exact(float(self.array[at]), "it")

    def __iter__(self) -> Iterator[Expr]:
        """Run over the numbers, exactly."""
        return (exact(number, "it") for number in self.array.tolist())

    def tolist(self) -> list[float]:
        """Return the floats, as an array does."""
        floats: list[float] = self.array.tolist()
        return floats

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """Return the floats, for NumPy."""
        if copy is None:  # NumPy before 2.0 knows no copy that is made where it is needed
            return np.asarray(self.array, dtype=dtype)
        return np.array(self.array, dtype=dtype, copy=copy)

    def __eq__(self, other: object) -> bool:
        """Compare exactly, with another row or with a list of numbers."""
        if isinstance(other, Row):
            return np.array_equal(self.array, other.array)
        if isinstance(other, tuple | list):
            pairs = zip(self, other, strict=False)
            return len(self) == len(other) and all(own == their for own, their in pairs)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # rows are compared with lists, which have none

    def __repr__(self) -> str:
        """Say how many numbers there are; they would fill screens."""
        return f"<Row of {len(self):,} numbers>"


def long_row(value: Any, shapes: Sequence[tuple[int, ...]]) -> Row | None:
    """Return a long array of finite numbers as a row; None of anything else.

    Args:
        value: What was given as the numbers of a tensor.
        shapes: The shapes that it may have.
    """
    if isinstance(value, Row):
        return value if (len(value),) in shapes else None
    if not isinstance(value, np.ndarray) or value.size < LONG or value.shape not in shapes:
        return None
    if value.dtype.kind not in "fiu" or value.dtype.itemsize > 8:
        return None
    most = _TOO_LARGE if value.dtype.kind == "f" else _WHOLE
    largest = max(abs(float(value.max())), abs(float(value.min())))
    return Row(value) if largest < most else None  # not true of nan
