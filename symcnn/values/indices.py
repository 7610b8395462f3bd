"""Numbers that are indices: whole, and from 0 to below the length of the axis they select from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symcnn.errors import SymcnnError
from symcnn.sizes import Size


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
        if not isinstance(given, list | tuple | np.ndarray):
            continue
        try:
            numbers = np.ravel(np.asarray(given)).astype(float)
        except (TypeError, ValueError):
            continue
        wrong = np.flatnonzero(
            ~((numbers == np.floor(numbers)) & (0 <= numbers) & (numbers < length))
        )
        if wrong.size:
            raise SymcnnError(
                f"{name}, number {wrong[0] + 1}, is {numbers[wrong[0]]:g}, but it is an index: "
                f"give a whole number from 0 to {length - 1}"
            )
