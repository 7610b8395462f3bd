"""The derivatives of a large network, compared along a few random directions.

    d/dh L(w + h v)  =  sum over all entries p of v[p] dL/dw[p]     at h = 0

Every derivative is in every comparison, which takes as long as a few losses, whatever the number
of entries. Wrong derivatives are found unless their errors cancel in such a sum, which they do in
no direction that is drawn at random but within rounding. To a random vector of length 1 in every
tensor the unit vector of the gradient is added, so that the sum is no difference of large terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from symcnn.equations.values import Array
from symcnn.reference import LocalForward

_DIRECTIONS = 3

_APART = 2**-7
"""How far numbers are moved away from kinks, relative to their size."""


def slopes(passed: LocalForward, gradients: Mapping[str, Array]) -> Iterator[tuple[float, float]]:
    """Return the derivative along every direction: the sum, and what is measured."""
    random, steps = np.random.default_rng(0), passed.steps
    for _ in range(_DIRECTIONS):
        along = {name: _direction(gradient, random) for name, gradient in gradients.items()}
        derived = sum(float(np.vdot(v, gradients[name])) for name, v in along.items())
        measured, steps = passed.measured(along, steps)
        yield derived, measured


def perturbed(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return other numbers near given ones, at which no function has a kink but by accident."""
    random = np.random.default_rng(1)
    return {
        name: a + np.where(a == 0, 1, a) * random.uniform(-_APART, _APART, a.shape)
        for name, a in arrays.items()
    }


def _direction(gradient: Array, random: np.random.Generator) -> Array:
    drawn: Array = random.normal(size=gradient.shape) / np.sqrt(gradient.size)
    length = float(np.linalg.norm(gradient))
    return drawn + gradient / length if 0 < length < np.inf else drawn
