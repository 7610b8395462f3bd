"""How far floats reach, which powers are beyond them, and what helps.

The derivative of 1/sqrt(V) is -V^(-3/2)/2. For V = 1e250 floats have 0 in its place, and every
derivative that goes through it lacks a part without being infinite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sympy import Expr, Indexed, Pow, Rational, default_sort_key

from symcnn.derivation import Derivation
from symcnn.equations import Tensor, accesses
from symcnn.equations.values import Array
from symcnn.errors import NotFiniteError
from symcnn.reference import FLOATS, evaluate

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


class PowerBeyond(NamedTuple):
    """An entry with a power that is beyond all floats, or nearer to 0 than they come."""

    tensor: Tensor
    position: tuple[int, ...]
    number: float
    exponent: Expr


def power_beyond(derivation: Derivation, values: Mapping[str, Array]) -> PowerBeyond | None:
    """Return the first power of an entry that leaves the range of floats; None without one.

    Args:
        derivation: Whose equations are looked through, forward and backward.
        values: The floats of every tensor of the network, by name.
    """
    return next(_powers_beyond(derivation, values), None)


def _powers_beyond(derivation: Derivation, values: Mapping[str, Array]) -> Iterator[PowerBeyond]:
    tensors = {tensor.base: tensor for tensor in derivation.network.tensors.values()}
    for power in _powers(derivation):
        (read,) = accesses(power.base)
        if read.base not in tensors:
            continue
        tensor = tensors[read.base]
        numbers = values[tensor.name]
        base = np.abs(evaluate(power.base, {read: numbers}, FLOATS)).astype(numbers.dtype)
        for place in np.argwhere(np.isfinite(base) & _leaves(base, power.exp)).tolist():
            yield PowerBeyond(tensor, tuple(place), float(numbers[tuple(place)]), power.exp)


def _powers(derivation: Derivation) -> Iterator[Pow]:
    """Run over the rational powers of an entry plus a number, in all equations."""
    steps = (step.equation for step in derivation.steps)
    for equation in (*derivation.network.equations, *steps):
        for power in sorted(equation.value.atoms(Pow), key=default_sort_key):
            if power.exp.is_Rational and _is_shifted(power.base):
                yield power


def _is_shifted(base: Expr) -> bool:
    _, entry = base.as_coeff_Add()
    return isinstance(entry, Indexed)


def _leaves(base: Array, exponent: Rational) -> Array:
    """Tell where a power is infinite, or the reciprocal of one that is infinite or 0."""
    with np.errstate(all="ignore"):
        power = base ** float(abs(exponent))
    beyond: Array = np.isinf(power)
    return beyond | ((power == 0) & (base > 0)) if exponent < 0 else beyond
