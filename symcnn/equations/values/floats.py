"""Numbers for tensors as arrays of floats; what is not a finite number is refused."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

import numpy as np
from sympy import Rational

from symcnn.equations import Tensor
from symcnn.equations.values.evaluation import Array
from symcnn.equations.values.exact import Values, entries, exact, shapes
from symcnn.equations.values.row import Row
from symcnn.errors import SymcnnError

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
