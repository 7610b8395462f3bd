"""An array beside the one that is due: where it differs by more than rounding explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symcnn.classroom.checks.judging.rounded import Array, Rounded

FORMS = 4.0
"""Equal formulas that are written differently round at other places: each rounding counts so."""

_WHOLE = 4.0
"""A transform such as Fourier's or Winograd's carries the largest error of an array anywhere."""

_VAGUE = 1e-3
_DOUBLE = 2.0**-53
_LOWER = {"float64": "float32", "float32": "float16"}


def unit(dtype: Any) -> float:
    """Return the unit roundoff of a type; of one that is not of floating point, double's."""
    kind = np.dtype(dtype)
    return float(np.finfo(kind).eps) / 2 if kind.kind in "fc" else _DOUBLE


@dataclass(frozen=True, eq=False)
class Comparison:
    """How an array compares with the one that is due.

    Attributes:
        wrong: Where it differs by more than the bound.
        error: The largest difference, in units of the bound.
        bound: The largest bound.
        by_norm: Whether single entries exceed their bound, but none that of the whole array.
    """

    wrong: Array
    error: float
    bound: float
    by_norm: bool = False

    @property
    def is_right(self) -> bool:
        """Whether every entry is within the bound."""
        return not bool(self.wrong.any())


def bounds(due: Rounded, roundoff: float) -> Array:
    """Return the bounds of the rounding errors in a precision, those of what is due included."""
    errors = due.error + np.abs(due.value)
    return np.asarray(FORMS * (roundoff + _DOUBLE) * errors)


def compared(returned: Array, due: Rounded, roundoff: float | None = None) -> Comparison:
    """Compare an array of the same shape."""
    bound = bounds(due, unit(returned.dtype) if roundoff is None else roundoff)
    with np.errstate(all="ignore"):
        off = np.abs(np.asarray(returned, dtype=float) - due.value)
        wrong = ~(off <= bound)
        ratio = np.where(off == 0, 0.0, off / bound)
    largest = float(np.max(bound, initial=0.0))
    whole = _WHOLE * largest
    if wrong.any() and np.isfinite(whole) and bool(np.all(off <= whole)):
        return Comparison(np.zeros_like(wrong), float(np.max(off)) / whole, whole, by_norm=True)
    error = float(np.max(np.where(np.isfinite(ratio), ratio, 1e300), initial=0.0))
    return Comparison(wrong, error, largest)


def reproduces(candidate: Rounded, returned: Array) -> bool:
    """Tell whether a candidate is what was returned, but for rounding."""
    if candidate.value.shape != returned.shape:
        return False
    made = compared(returned, candidate)
    return made.is_right and not (made.by_norm and _is_vague(made, candidate))


def _is_vague(made: Comparison, candidate: Rounded) -> bool:
    """Tell whether one entry has so large a bound that any array is within it as a whole."""
    return made.bound > _VAGUE * float(np.max(np.abs(candidate.value), initial=0.0))


def differ(one: Rounded, other: Rounded, dtype: Any) -> bool:
    """Tell whether two arrays can be told apart in a precision."""
    if one.value.shape != other.value.shape:
        return True
    gap = bounds(one, unit(dtype)) + bounds(other, unit(dtype))
    with np.errstate(invalid="ignore"):
        return not bool(np.all(np.abs(one.value - other.value) <= gap))


def is_imprecise(returned: Array, due: Rounded) -> str:
    """Return the lower precision whose rounding explains a difference; "" if none does."""
    lower = _LOWER.get(np.dtype(returned.dtype).name, "")
    if not lower:
        return ""
    errors = (due.error + np.abs(due.value)) * unit(np.dtype(lower))
    with np.errstate(invalid="ignore"):
        inside = np.abs(np.asarray(returned, dtype=float) - due.value) <= errors
    return lower if bool(inside.all()) else ""
