"""Numbers with a bound of their rounding errors: running error analysis.

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
