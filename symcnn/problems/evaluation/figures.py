"""Printed figures, and which of them have fewer right digits than are printed.

A figure of N digits is right if it is the number rounded to N digits; where that lies between two
figures, but for a thousandth of a unit of the last digit, each of them is. A small network is
computed once more by the reference pass in exact numbers, with so many digits that it is decided.
A larger one is computed once more in floats, the loss, outputs and derivatives, by another way,
and from numbers and constants that are a few roundings off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import methodcaller
from typing import Any, NamedTuple

import numpy as np

from symcnn.equations import position_of
from symcnn.equations.values import Array, Evaluation, float_arrays, perturbed
from symcnn.errors import SymcnnError
from symcnn.network.optimizers import after_step
from symcnn.problems import Problem
from symcnn.reference import PERTURBED, ExactForward, Forward
from symcnn.reference.enclosures import TRY_AGAIN, Precision

_ATTEMPTS = (40, 160, 700)
"""The digits of the attempts: exp(-700) has 304 zeros behind the point, and its square 608."""

_NOTICED = 1e-12
"""A float that is smaller, relative to numbers below 1, is rounding where 0 is due."""

_BOUNDARY, _HALF = 1e-3, 0.5
"""The units of the last digit by which a number may be off: if it is known, and if it is not."""

_ROUNDINGS = 16
"""Floats are off by such a part of what a few roundings move."""

_ADJACENT = 2.0**-50
"""Floats that are no further apart, relative to their size, lie next to one number."""

_NORMAL = float(np.finfo(float).tiny)
"""A smaller float has fewer digits."""


class Printed(NamedTuple):
    """Numbers that are printed under one name.

    Attributes:
        name: What they are.
        floats: What they are in floats.
        bounds: Finds two rows of floats, next to which they lie, in an exact pass.
        again: Finds them in another pass in floats.
        proves: Whether what lies next to 0 is 0: not where floats were subtracted to find it.
    """

    name: str
    floats: Array
    bounds: Callable[[ExactForward], Array]
    again: Callable[[Forward], Array]
    proves: bool = True


class Figure(NamedTuple):
    """A number that has fewer right digits than are printed.

    Attributes:
        name: What it is.
        made: What floats make of it.
        exact: What it is, infinite beyond floats; None where that is not known.
        error: By how much it is off, as far as that is known.
    """

    name: str
    made: float
    exact: float | None
    error: float


class Compared(NamedTuple):
    """Printed numbers beside exact ones.

    Attributes:
        figures: Those with fewer right digits than are printed.
        zeros: Which entries are 0 whatever floats make of them, by the names of the numbers.
    """

    figures: list[Figure]
    zeros: Mapping[str, Array]


def printed(
    problem: Problem, made: Evaluation, updated: Mapping[str, Array], *, derivatives: bool
) -> list[Printed]:
    """Return what is printed: the loss, outputs, and if asked for what depends on derivatives."""
    loss = problem.network.loss_tensor.name
    listed = [_value("the loss", loss, np.array(made.loss))]
    listed += (_value(name, name, array) for name, array in made.outputs.items())
    for name, array in made.gradients.items() if derivatives else ():
        slopes = methodcaller("slope_bounds", name), methodcaller("slopes", name)
        listed.append(Printed(f"dL/d {name}", array, *slopes))
        if name in updated:
            after = partial(_after, problem, name)
            bounds, again = (partial(_moved, slope, after) for slope in slopes)
            listed.append(Printed(f"updated {name}", updated[name], bounds, again, proves=False))
    return listed


def _value(name: str, tensor: str, array: Array) -> Printed:
    return Printed(name, array, methodcaller("bounds", tensor), methodcaller("found", tensor))


def _moved(slope: Callable[[Any], Array], after: Callable[[Array], Array], made: Any) -> Array:
    return after(slope(made))


def _after(problem: Problem, name: str, slopes: Array) -> Array:
    """Return the weights after one step along slopes, or the bounds of these."""
    weights = np.array([float(number) for number in problem.values[name]])
    weights, rate = np.broadcast_to(weights, slopes.shape), float(problem.learning_rate)
    moved = after_step(problem.optimizer, {name: weights}, {name: slopes}, rate)[name]
    return moved[::-1] if moved.ndim > 1 else moved


def by_exact_numbers(problem: Problem, listed: Sequence[Printed], digits: int) -> Compared | None:
    """Find the figures with fewer right digits, and what is 0.

    Returns:
        None if no attempt decides what is the largest, or exact numbers lack a function.
    """
    found = None
    for precision in _ATTEMPTS:
        try:
            exact = ExactForward(problem.network, problem.values, Precision(precision))
            ends = [of.bounds(exact) for of in listed]
            least = _least([exact.bounds(name) for name in _sized(problem)])
        except TRY_AGAIN:
            continue
        except (ArithmeticError, SymcnnError):
            return None
        pairs = [*zip(listed, ends, strict=True)]
        wrong = [figure for of, both in pairs for figure in _wrong(of, both, digits, least)]
        zeros = {of.name: np.all(both == 0, axis=0) for of, both in pairs if of.proves}
        found = Compared(wrong, zeros)
        if all(map(_is_decided, ends)):
            break
    return found


def by_other_floats(
    problem: Problem, listed: Sequence[Printed], digits: int, passed: Forward
) -> list[Figure]:
    """Return the figures that another pass, or a few roundings of what is given, moves."""
    given = perturbed(float_arrays(problem.values, problem.network.given), problem.network.indexing)
    moved = Forward(problem.network, given, kind=PERTURBED)
    least = _least([passed.found(name) for name in _sized(problem)])
    return [f for of in listed for f in _uncertain(of, passed, moved, digits, least)]


def _sized(problem: Problem) -> list[str]:
    """Return the tensors whose numbers say what is small."""
    tensors = problem.network.tensors.values()
    return [tensor.name for tensor in tensors if tensor.role in ("input", "hidden")]


def _least(arrays: Sequence[Array]) -> float:
    return _NOTICED * min(1.0, max(float(np.max(np.abs(array))) for array in arrays))


def _is_decided(bounds: Array) -> bool:
    """Tell whether all numbers are known: 0, or as well as floats can say."""
    lower, upper = bounds
    return bool(np.all((upper - lower) <= _ADJACENT * np.minimum(np.abs(lower), np.abs(upper))))


def _wrong(of: Printed, bounds: Array, digits: int, least: float) -> Iterator[Figure]:
    """Run over the figures that are none of the two that the bounds are printed as."""
    made, (lower, upper) = np.ravel(of.floats).astype(float), bounds
    errors = np.maximum(np.maximum(lower - made, made - upper), 0)
    beyond, of_zero = np.isinf(lower) | np.isinf(upper), (lower <= 0) & (upper >= 0)
    sizes = np.maximum(np.abs(lower), np.abs(upper))
    off = (errors > _BOUNDARY * _units(sizes, digits)) & (sizes >= _NORMAL)
    for place in np.flatnonzero(np.where(of_zero, np.abs(made) > least, off) | beyond).tolist():
        figures = {f"{end:.{digits}g}" for end in (lower[place], upper[place])}
        if f"{made[place]:.{digits}g}" not in figures:
            exact = 0.0 if of_zero[place] else float(lower[place])
            yield Figure(_entry(of, place), float(made[place]), exact, float(errors[place]))


def _uncertain(
    of: Printed, passed: Forward, moved: Forward, digits: int, least: float
) -> Iterator[Figure]:
    made = np.ravel(of.floats).astype(float)
    other, movement = np.ravel(of.again(passed)), np.ravel(of.again(moved))
    errors = np.maximum(np.abs(made - other), np.abs(movement - other) / _ROUNDINGS)
    sizes = np.maximum(np.abs(made), np.abs(other))
    off = (errors > _HALF * _units(sizes, digits)) & (np.maximum(sizes, errors) > least)
    for place in np.flatnonzero(off).tolist():
        yield Figure(_entry(of, place), float(made[place]), None, float(errors[place]))


def _units(sizes: Array, digits: int) -> Array:
    """Return a unit of the last of so many digits of numbers."""
    with np.errstate(all="ignore"):
        units: Array = 10.0 ** (np.floor(np.log10(sizes)) - digits + 1)
    return units


def _entry(of: Printed, place: int) -> str:
    position = ", ".join(map(str, position_of(place, np.shape(of.floats))))
    return f"{of.name}[{position}]" if position else of.name
