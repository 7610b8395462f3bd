"""An array as it stands in a file: decimals in row-major order, with the names of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from symcnn.reference.enclosures.sympy_numbers import to_decimal

DIGITS = 20
"""The significant digits of what is no short decimal: three more than float64 tells apart."""

_EXACTLY = Context(prec=60, traps=[Inexact])
_ROUNDED = Context(prec=DIGITS)
_LONGEST = 25
"""Decimals with more places stand with an exponent."""


@dataclass(frozen=True)
class VectorArray:
    """An array of a case.

    Attributes:
        axes: What is counted along each axis: ("sample", "row", "column", "channel").
        shape: The length of each axis.
        values: The entries in row-major order, the last axis fastest.
        absolute_error: How far they are from the true numbers at most: 0 if they are these.
    """

    axes: tuple[str, ...]
    shape: tuple[int, ...]
    values: tuple[Decimal, ...]
    absolute_error: Decimal = Decimal(0)

    def numpy(self) -> NDArray[np.float64]:
        """Return the nearest floats, in the shape of the array."""
        return np.array([float(value) for value in self.values]).reshape(self.shape)

    def transposed(self, order: Sequence[int]) -> VectorArray:
        """Return the array with its axes in another order."""
        places = np.arange(len(self.values)).reshape(self.shape).transpose(order)
        return VectorArray(
            tuple(self.axes[axis] for axis in order),
            tuple(self.shape[axis] for axis in order),
            tuple(self.values[place] for place in places.ravel().tolist()),
            self.absolute_error,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return {
            "axes": list(self.axes),
            "shape": list(self.shape),
            "absolute_error": self.absolute_error,
            "values": list(self.values),
        }


def written(axes: Sequence[str], shape: Sequence[int], numbers: Sequence[Expr]) -> VectorArray:
    """Write exact numbers as decimals, with the error that this makes."""
    made = [_decimal(number) for number in numbers]
    error = max((error for _, error in made), default=Decimal(0))
    return VectorArray(tuple(axes), tuple(shape), tuple(value for value, _ in made), error)


def _decimal(number: Expr) -> tuple[Decimal, Decimal]:
    """Return a decimal, and how far it may be from the number."""
    if number.is_Rational:
        try:
            return _EXACTLY.divide(Decimal(int(number.p)), Decimal(int(number.q))), Decimal(0)
        except Inexact:
            pass
    rounded = _ROUNDED.plus(to_decimal(number))
    return rounded, Decimal((0, (1,), rounded.adjusted() - DIGITS + 1))


def token(number: Decimal) -> str:
    """Return a decimal as JSON has it, without zeros at its end."""
    short = number.normalize(_EXACTLY)
    plain = format(short + 0, "f")
    return plain if len(plain) <= _LONGEST else str(short)
