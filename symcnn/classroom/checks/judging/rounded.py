"""Numbers with a bound of their rounding errors, by running error analysis, and arrays beside them.

A number that is computed in a precision with unit roundoff u differs from the exact one by at most
u times its error, to first order in u, in whichever order its terms are added, with fused
operations or without:

    a b          |a| e_b + |b| e_a + |a b|
    a_1 + ... + a_n          e_1 + ... + e_n + (n - 1) (|a_1| + ... + |a_n|)
    f(a)         |f'(a)| e_a + c |f(a)|

Source: Higham, "Accuracy and Stability of Numerical Algorithms" (2002), sections 3.1 and 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Rounded:
    """Exact numbers, but for the last digits, and how far a computation may be from them.

    Attributes:
        value: The numbers.
        error: The bounds of their errors, in units of the unit roundoff.
    """

    value: Array
    error: Array

    @classmethod
    def exactly(cls, value: Any) -> Rounded:
        """Return numbers that are given."""
        numbers = np.asarray(value, dtype=float)
        return cls(numbers, np.zeros_like(numbers))

    def __mul__(self, other: Rounded) -> Rounded:
        """Return the product."""
        value = self.value * other.value
        carried = np.abs(self.value) * other.error + np.abs(other.value) * self.error
        return Rounded(value, carried + np.abs(value))

    def __rmul__(self, number: float) -> Rounded:
        """Return the product with a sign or a power of 2, which rounds nothing."""
        return Rounded(number * self.value, abs(number) * self.error)

    def __add__(self, other: Rounded) -> Rounded:
        """Return the sum."""
        return total([self, other])

    def __truediv__(self, other: Rounded) -> Rounded:
        """Return the quotient."""
        with np.errstate(all="ignore"):
            value = self.value / other.value
            carried = (self.error + np.abs(value) * other.error) / np.abs(other.value)
        return Rounded(value, carried + np.abs(value))

    def passed(self, value: Array, slope: Array, roundings: float) -> Rounded:
        """Return a function of it."""
        return Rounded(value, np.abs(slope) * self.error + roundings * np.abs(value))

    def at(self, entries: Any) -> Rounded:
        """Return some of the numbers."""
        return Rounded(self.value[..., entries], self.error[..., entries])

    def shaped(self, shape: Sequence[int]) -> Rounded:
        """Return the numbers in another shape."""
        return Rounded(self.value.reshape(shape), self.error.reshape(shape))


def total(terms: Sequence[Rounded]) -> Rounded:
    """Return the sum of some terms, added in any order."""
    if len(terms) == 1:
        return terms[0]
    sizes = reduce(add, (np.abs(term.value) for term in terms))
    errors = reduce(add, (term.error for term in terms))
    return Rounded(reduce(add, (t.value for t in terms)), errors + (len(terms) - 1) * sizes)


def sums(terms: Rounded, starts: Array, counts: Array) -> Rounded:
    """Return the sums of runs of terms, each added in any order."""
    sizes = np.add.reduceat(np.abs(terms.value), starts, axis=-1)
    errors = np.add.reduceat(terms.error, starts, axis=-1)
    return Rounded(np.add.reduceat(terms.value, starts, axis=-1), errors + (counts - 1) * sizes)


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
