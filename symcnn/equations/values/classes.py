"""Numbers of classes, as distributions: 2 of four classes is (0, 0, 1, 0)."""

from __future__ import annotations

from math import prod
from numbers import Integral
from typing import Any

import numpy as np

from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, shown


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
