"""What numbers have to be like for a sheet: how far a candidate falls short, demand by demand.

A coincidence is an accident if it is gone at numbers close by: a figure that is 0, or equal to
another, at the numbers of the sheet but not close to them. One that stays has a reason, as the
derivative of an entry that lost its maximum has, and is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from symcnn.classroom.worksheets.state import State
from symcnn.equations import Tensor
from symcnn.equations.values import Array

Shortfall = dict[str, int]
"""For each demand, how many figures do not meet it."""

LEAD = 0.03
"""The least lead of a maximum, and the least distance from a kink, as a share of the largest."""

_SLOPE = 0.05
"""The least slope of an activation that is not saturated."""

_SPREAD = 200.0
"""The largest figure of a quantity is at most so many times the least."""

_LARGEST, _LEAST = 30.0, 2e-4
_ZERO = 1e-11
_SHORT = 8
"""The decimal places of a number that counts as short; more are as bad as any."""

_SLACK = 8
"""Of so many derivatives one more or less may be 0 in another variant."""

_NO_NUMBER = 10_000
"""What counts for numbers at which something has no value."""

_LIVE = 0.5
"""The share of a layer's outputs that are not 0."""

MEANT = {
    "size": "outputs of a readable size",
    "range": "derivatives of a readable size",
    "lead": "maxima with a clear winner, and arguments away from kinks",
    "saturated": "activations that are not saturated",
    "zero": "figures that are not 0 by accident",
    "live": "enough rectifiers with positive arguments",
    "equal": "derivatives that all differ",
    "pattern": "as many zeros and digits as in the first variant",
}
"""What each demand asks for, in words."""


@dataclass(frozen=True)
class Pattern:
    """What variants have in common: zeros and digits, quantity by quantity.

    Attributes:
        zeros: How many figures of each quantity are 0.
        places: How many decimal places its figures have at most; 0 where they are rounded.
    """

    zeros: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Demands:
    """The demands on the figures of some quantities.

    Attributes:
        quantities: Their tensors, in the order of computation.
        weights: Those of them that are derivatives with respect to parameters.
        exact: Those that are rational, so that their figures can be short decimals.
        tolerance: Numbers that differ by less than this share are the same figure.
        pattern: What other variants are like, if there are any.
    """

    quantities: Sequence[Tensor]
    weights: Sequence[Tensor]
    exact: Collection[Tensor]
    tolerance: float
    pattern: Pattern | None = None

    def shortfall(self, state: State, near: Callable[[], State], most: int) -> Shortfall:
        """Count what does not meet the demands, one after the other.

        Args:
            state: Everything at the numbers of the sheet.
            near: Gives the same at numbers close by, in general position.
            most: Where more are missed than this, the other demands are not looked at.
        """
        missed: dict[str, int] = {}
        for name, count in self._counts(state, near):
            missed[name] = count
            if sum(missed.values()) > most:
                break
        return missed

    def _counts(self, state: State, near: Callable[[], State]) -> Iterator[tuple[str, int]]:
        """Count what is missed, the quickest to find out first."""
        if not state.is_finite:
            yield "size", _NO_NUMBER
            return
        outputs = [state.of(tensor) for tensor in self.quantities if _is_output(tensor)]
        yield "size", sum(map(_out_of_range, outputs))
        yield "live", sum(map(_dead, outputs))
        yield "saturated", sum(int(np.sum(np.abs(s) < _SLOPE)) for s in state.slopes())
        yield "lead", _unclear(state)
        figures = [state.of(tensor) for tensor in self.quantities]
        yield "range", sum(map(_out_of_range, figures[len(outputs) :]))
        yield "pattern", self._off_pattern(state)
        there = near()
        if not there.is_finite:
            yield "range", _NO_NUMBER
            return
        pairs = zip(figures, map(there.of, self.quantities), strict=True)
        yield "zero", sum(_accidental_zeros(*pair) for pair in pairs)
        yield "equal", self._equal(state, there)

    def pattern_of(self, state: State) -> Pattern:
        """Return the zeros and the digits of the quantities."""
        zeros = (int(np.sum(np.abs(state.of(t)) < _ZERO)) for t in self.quantities)
        return Pattern(tuple(zeros), tuple(self._most_places(t, state) for t in self.quantities))

    def length(self, state: State) -> int:
        """Return how long exact figures are: the decimal places of all together."""
        return sum(int(_places(state.of(tensor)).sum()) for tensor in self.exact)

    def _most_places(self, tensor: Tensor, state: State) -> int:
        return int(_places(state.of(tensor)).max()) if tensor in self.exact else 0

    def _equal(self, state: State, near: State) -> int:
        """Count derivatives that are the same figure as another one by accident."""
        if not self.weights:
            return 0
        here, there = (np.concatenate([s.of(t) for t in self.weights]) for s in (state, near))
        order = np.argsort(here, kind="stable")
        here, there = here[order], there[order]
        gaps, sizes = np.diff(here), np.maximum(np.abs(here[1:]), np.abs(here[:-1]))
        stays = np.abs(np.diff(there)) <= _ZERO + 1e-9 * sizes
        return int(np.sum((gaps <= self.tolerance * sizes) & ~stays))

    def _off_pattern(self, state: State) -> int:
        if self.pattern is None:
            return 0
        found, wanted = self.pattern_of(state), self.pattern
        pairs = zip(self.quantities, found.zeros, wanted.zeros, strict=True)
        zeros = sum(max(0, abs(a - b) - _slack(tensor)) for tensor, a, b in pairs)
        longer = (max(0, a - b) for a, b in zip(found.places, wanted.places, strict=True))
        return zeros + sum(longer)


def _is_output(tensor: Tensor) -> bool:
    return tensor.role in ("hidden", "loss")


def _slack(tensor: Tensor) -> int:
    """Return by how much numbers of zeros may differ: outputs have as many, derivatives nearly."""
    return 0 if _is_output(tensor) else int(tensor.size) // _SLACK


def _dead(output: Array) -> int:
    """Count the figures that are missing where too many of an output are 0."""
    most = ceil((1 - _LIVE) * output.size) if output.size > 1 else 0
    return max(0, int(np.sum(np.abs(output) < _ZERO)) - most)


def _out_of_range(array: Array) -> int:
    """Count figures that are too large, too small, or small beside the largest."""
    sizes = np.abs(array[np.abs(array) >= _ZERO])
    if not sizes.size:
        return 0
    least = max(_LEAST, float(sizes.max()) / _SPREAD)
    return int(np.sum((sizes > _LARGEST) | (sizes < least)))


def _unclear(state: State) -> int:
    leads = sum(int(np.sum(found < LEAD)) for found in state.leads())
    return leads + state.near_kinks(LEAD)


def _accidental_zeros(here: Array, there: Array) -> int:
    return int(np.sum((np.abs(here) < _ZERO) & (np.abs(there) >= _ZERO)))


def _places(array: Array) -> Array:
    """Return the decimal places of every number; one more than is short for others."""
    found = np.full(array.shape, _SHORT + 1)
    for count in range(_SHORT, -1, -1):
        scaled = array * 10.0**count
        found[np.abs(scaled - np.round(scaled)) < 1e-5] = count
    return found
