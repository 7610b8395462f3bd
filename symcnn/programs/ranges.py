"""How far floats reach, and steps of gradient descent that lead further."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sympy import Expr

from symcnn.equations.values import Array
from symcnn.errors import NotFiniteError

RANGE = "the range of floating point (1e308)"

SMALLER_STEP = "use a smaller learning rate"


def check_step(moved: Mapping[str, Array]) -> None:
    """Refuse a step of gradient descent that leads beyond floats.

    Raises:
        NotFiniteError: Names the parameter.
    """
    for name, array in moved.items():
        if not np.isfinite(array).all():
            raise NotFiniteError(f"updated {name} exceeds {range_of(array.dtype)}: {SMALLER_STEP}")


def is_float(number: Expr, kind: npt.DTypeLike = "float64") -> bool:
    """Tell whether some float of a type is near a number."""
    return bool(abs(number) < 2 ** int(np.finfo(kind).maxexp))


def range_of(kind: npt.DTypeLike) -> str:
    """Say how far a type of floats reaches."""
    if np.dtype(kind) == np.float64:
        return RANGE
    return f"the range of {np.dtype(kind).name} ({np.finfo(kind).max:.0e})"
