"""Numbers that are indices: whole, and from 0 to below the length of the axis they select from.

Those of classes are given as distributions, too: 2 of four classes is (0, 0, 1, 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import prod
from numbers import Integral
from typing import Any

import numpy as np
from sympy import Rational

from symcnn.equations import Tensor
from symcnn.equations.sizes import Size
from symcnn.equations.values.exact import exact
from symcnn.equations.values.row import Row
from symcnn.errors import SymcnnError, shown


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
