"""What a file of test vectors has of a case: its arrays, the settings of its layer, what it covers.

An array is decimals in row-major order, with the names of its axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, sympify

from symcnn.classroom.checks.vectors.settings import declared
from symcnn.classroom.checks.vectors.specimens import Specimen
from symcnn.network.layers import Window
from symcnn.reference.enclosures.functions import to_decimal

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


_LENGTHS = ("kernel_size", "pool_size")


def covered(specimen: Specimen) -> tuple[str, ...]:
    """Return what a case tries that others do not."""
    chosen = [f"{name} = {_shown(_plain(specimen, name))}" for name in specimen.chosen]
    samples = int(specimen.output.shape[0])
    words = {1: "one sample", 2: "two samples"}
    return (
        *(chosen or ["default settings"]),
        words.get(samples, f"{samples} samples"),
        *dict.fromkeys(_about_windows(specimen)),
    )


def _about_windows(specimen: Specimen) -> Iterator[str]:
    """Say how the windows of a layer lie."""
    for window in _windows(specimen):
        if window.overlaps:
            yield "overlapping windows"
        if window.before != window.after:
            yield "unlike padding on both sides"
        places = range(int(window.positions)), range(int(window.kernel))
        read = {window.entry(p, u) for p in places[0] for u in places[1]}
        if not read >= set(range(int(window.size))):
            yield "entries outside of all windows"


def _windows(specimen: Specimen) -> tuple[Window, ...]:
    if len(specimen.inputs) > 1:
        return ()
    return specimen.layer.windows(specimen.input_shapes[0])


def settings_of(specimen: Specimen) -> dict[str, Any]:
    """Return all settings: those of windows with one number an axis, padding with two."""
    names = [field.name for field in declared(type(specimen.layer))]
    return {name: _plain(specimen, name) for name in names}


def _plain(specimen: Specimen, name: str) -> Any:
    """Return a setting as numbers, texts and lists of them."""
    windows, layer = _windows(specimen), specimen.layer
    if windows and name in _LENGTHS:
        return [int(w.kernel) for w in windows]
    if windows and name in ("stride", "dilation"):
        return [int(getattr(w, name)) for w in windows]
    if windows and name == "padding":
        return [
            [int(w.before), int(w.after) - int(w.added) + more] for w, more in _further(specimen)
        ]
    return _as_json(getattr(layer, name))


def _further(specimen: Specimen) -> Iterator[tuple[Window, int]]:
    """Run over windows, each with what its layer adds behind the padding: the window is less."""
    more = getattr(specimen.layer, "output_padding", 0)
    windows = _windows(specimen)
    each = more if isinstance(more, tuple) else (more,) * len(windows)
    yield from zip(windows, map(int, each), strict=True)


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_as_json(one) for one in value]
    if value is None or isinstance(value, bool | str | int):
        return value
    (number,) = written((), (), [sympify(value)]).values
    return number


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
