"""Numbers for tensors as arrays of floats; what is not a finite number, or no index, is refused.

Classes are given as distributions, too: 2 of four classes is (0, 0, 1, 0).
A long row of floats is read exactly where it is looked at: 0.1 is 1/10.

A network has millions of weights, and an exact number takes 250 bytes: a row holds floats, of 8
bytes each, and makes exact numbers of those that are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from numbers import Integral
from threading import RLock
from typing import Any, overload

import numpy as np
from mpmath.libmp import libelefun  # type: ignore[import-untyped]  # it ships no types
from sympy import Expr, Rational

from symcnn import limits
from symcnn.equations import Tensor
from symcnn.equations.sizes import Size
from symcnn.equations.values.evaluation import Array
from symcnn.equations.values.exact import Values, entries, exact, shapes
from symcnn.errors import SymcnnError, shown

# A lock for rounding by SymPy, and for looking up the value of an entry.


MULTIPRECISION = RLock()

CONSTANTS = ("pi_fixed", "e_fixed", "ln2_fixed", "ln10_fixed")
_BITS = 10_000

for _name in CONSTANTS:
    # SymPy asks for a few digits wherever it looks at a sign, and nobody holds a lock then: with
    # so many known from the beginning, no thread finds others there than it has been told of.
    getattr(libelefun, _name)(_BITS)

if hasattr(os, "register_at_fork"):  # a new process begins where nobody rounds
    os.register_at_fork(
        before=MULTIPRECISION.acquire,
        after_in_parent=MULTIPRECISION.release,
        after_in_child=MULTIPRECISION.release,
    )


PERTURBATION = 2.0**-48
"""A few roundings of a float."""

_GOLDEN_RATIO = (1 + 5**0.5) / 2
"""The parts of its multiples behind the point are spread evenly, and none comes twice."""


def float_arrays(
    values: Values, tensors: Iterable[Tensor], dtype: str = "float64"
) -> dict[str, Array]:
    """Return one array of the tensor's shape for every tensor, by its name.

    Raises:
        SymcnnError: If a shape is wrong, or an entry is not a finite number.
    """
    return {tensor.name: float_array(values[tensor.name], tensor, dtype) for tensor in tensors}


def float_array(value: Any, tensor: Tensor, dtype: str = "float64") -> Array:
    """Return the numbers for one tensor: nested, flat, or an array."""
    if isinstance(value, Row):
        value = value.array
    if not _is_ready(value, tensor):
        flat = entries(value, tensor)
        numbers = [_float(entry, tensor, count) for count, entry in enumerate(flat, start=1)]
        value = np.array(numbers, dtype=float)
    array = _finite(np.asarray(value).reshape(tensor.shape), tensor)
    if array.dtype == dtype:
        return array
    with np.errstate(over="ignore"):  # what is too large for the type is an error, no warning
        return _held(array.astype(dtype, copy=False), array, tensor)


def perturbed(arrays: Mapping[str, Array], kept: Container[str] = ()) -> dict[str, Array]:
    """Move every number by a few roundings, up and down in turn, and no two by as many.

    Args:
        arrays: Numbers by tensor name.
        kept: The names of those that stay, as indices do.
    """
    return {
        name: array if name in kept else array * _near_1(array.size).reshape(array.shape)
        for name, array in arrays.items()
    }


def _near_1(count: int) -> Array:
    number = np.arange(count)
    return 1 + PERTURBATION * (-1.0) ** number * (0.5 + number * _GOLDEN_RATIO % 1)


def _is_ready(value: Any, tensor: Tensor) -> bool:
    return (
        isinstance(value, np.ndarray)
        and value.dtype.kind in "fiu"
        and value.shape in shapes(tensor)
    )


def _float(entry: Any, tensor: Tensor, count: int) -> float:
    if type(entry) is float or type(entry) is int:
        return float(entry)
    number = exact(entry, f"{tensor.name}, number {count},")
    # The quotient of two integers is correctly rounded, and far faster than evalf.
    return number.p / number.q if isinstance(number, Rational) else float(number)


def _held(array: Array, given: Array, tensor: Tensor) -> Array:
    """Refuse finite numbers that are none in a smaller type."""
    if not np.isfinite(array).all():
        bad = int(np.flatnonzero(~np.isfinite(array))[0])
        raise SymcnnError(
            f"{tensor.name}, number {bad + 1}, is {given.flat[bad]}, beyond {array.dtype}: "
            "make it smaller, or use float64"
        )
    return array


def _finite(array: Array, tensor: Tensor) -> Array:
    with np.errstate(all="ignore"):
        has_sum = bool(np.isfinite(array.sum()))  # then so are all that it is the sum of
    if not has_sum and not np.isfinite(array).all():
        bad = int(np.flatnonzero(~np.isfinite(array))[0])
        raise SymcnnError(
            f"{tensor.name}, number {bad + 1}, is {array.flat[bad]}: a finite number is needed"
        )
    return array


def check_indices(values: Mapping[str, Any], lengths: Mapping[str, Size]) -> None:
    """Refuse numbers that select no entry; what is no array of numbers is left to others.

    Args:
        values: Numbers by tensor name, arrays or lists; those of other tensors as well.
        lengths: For each tensor of indices, the length of the axis.

    Raises:
        SymcnnError: If one is not whole, negative, or not below that length.
    """
    for name, length in lengths.items():
        given = values.get(name)
        if not isinstance(given, list | tuple | np.ndarray | Row):
            continue
        try:
            numbers = np.ravel(np.asarray(given))
        except ValueError:
            continue
        if numbers.dtype.kind not in "iuf":
            numbers = np.array(_exact(np.ravel(np.asarray(given, dtype=object)), name))
        whole = numbers == np.floor(numbers)
        wrong = np.flatnonzero(~(whole & (0 <= numbers) & (numbers < length)).astype(bool))
        if wrong.size:
            raise SymcnnError(
                f"{name}, number {wrong[0] + 1}, is {_written(numbers[wrong[0]])}, but it is an "
                f"index: give a whole number from 0 to {length - 1}"
            )


def _exact(numbers: Iterable[Any], name: str) -> list[Fraction]:
    """Return numbers exactly: floats of those that are nearly whole would be whole."""
    found = (exact(e, f"{name}, number {n},") for n, e in enumerate(numbers, start=1))
    return [Fraction(str(e)) if isinstance(e, Rational) else Fraction(float(e)) for e in found]


def _written(number: Any) -> str:
    text = f"{float(number):g}"
    return text if not float(number).is_integer() or number == float(number) else str(number)


def as_distributions(value: Any, target: Tensor) -> Any:
    """Return a target in which whole numbers stand for classes as distributions over these.

    Anything that has not one number for every distribution is returned as it is.

    Raises:
        SymcnnError: If a number is none of a class.
    """
    *places, classes = (int(n) for n in target.shape)
    numbers = _whole_numbers(value)
    if numbers is None or classes == 1:
        return value
    if numbers.shape != tuple(places) and not (numbers.ndim == 0 and prod(places) == 1):
        return value
    for number in numbers.ravel().tolist():
        if not 0 <= number < classes:
            raise SymcnnError(
                f"{target.name} has the class {shown(number)}: give numbers from 0 to "
                f"{classes - 1}, or distributions over the {classes} classes"
            )
    chosen = numbers.reshape(places)[..., None] == np.arange(classes)
    return chosen.astype(int).tolist()


def _whole_numbers(value: Any) -> Any:
    """Return whole numbers as an array, and None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Integral):
        return np.asarray(int(value))
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "iu" else None


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
