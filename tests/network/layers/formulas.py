"""Formulas of an elementwise layer, each as its text and as functions of PyTorch or of mpmath.

Of two equal largest entries the first receives the derivative, where PyTorch shares it.
"""

import mpmath
import numpy as np

from tests.network.layers.reference import real

FORMULAS = {
    "exp(-x**2)": lambda m, x: m.exp(-(x**2)),
    "x**2 / (1 + abs(x))": lambda m, x: x**2 / (1 + abs(x)),
    "where(x > 0.1, x**2, sin(x))": lambda m, x: m.where(x > 0.1, x**2, m.sin(x)),
    "log(1 + abs(x)) / (2 + cos(x))": lambda m, x: m.log(1 + abs(x)) / (2 + m.cos(x)),
    "max(x, w) * sqrt(1 + x**2)": lambda m, x, weight: (
        m.where(x >= weight, x, weight + 0 * x) * m.sqrt(1 + x**2)
    ),
    "x * (x > c)": lambda m, x, constant: x * (x > constant),
    "where(w > c, w*x, exp(-c))": lambda m, x, weight, constant: m.where(
        (weight > constant) & (x == x), weight * x, m.exp(-constant) + 0 * x
    ),
    "max(x1, x2) - x1*x2": lambda m, x, z: m.where(x >= z, x, z + 0 * x) - x * z,
}


class OfMpmath:
    """Functions of entries in many digits, by the names that PyTorch has for them."""

    where = np.where


def _of_entries(function):
    return staticmethod(np.vectorize(lambda v: function(real(v)), otypes=[object]))


for _name in ("exp", "sin", "cos", "log", "sqrt"):
    setattr(OfMpmath, _name, _of_entries(getattr(mpmath, _name)))


def elementwise(layer, *xs, **own):
    """Compute a layer's formula in many digits."""
    return FORMULAS[layer.expression](OfMpmath, *xs, **own)
