"""How far floats reach, and what helps where a number is beyond: it depends on who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

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


_SMALLER = "use smaller values or weights"
_ROUNDED = "this is a rounding error"


class Remedies(NamedTuple):
    """What helps, by what is the matter.

    Attributes:
        smaller: A number is beyond floats.
        exactly: No float holds it, though what is asked for has one.
        rounded: Floats round to where there is no value.
        elsewhere: There is none at these numbers; empty where the loss knows better.
    """

    smaller: str
    exactly: str
    rounded: str
    elsewhere: str = ""


EVALUATING = Remedies(
    _SMALLER, f"{_SMALLER}, or evaluate --exact", f"{_ROUNDED}: {_SMALLER}, or evaluate exactly"
)

IN_FLOAT32 = Remedies(*[f"{_SMALLER}, or use float64"] * 3)

TRAINING = Remedies(_SMALLER, _SMALLER, f"{_ROUNDED}: {_SMALLER}")
"""There is no exact training."""

AFTER_A_STEP = Remedies(SMALLER_STEP, SMALLER_STEP, SMALLER_STEP, SMALLER_STEP)
"""The numbers themselves are not to blame."""
