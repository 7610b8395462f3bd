"""Every function that a layer may hold, with what it is to mpmath: one row a function.

One layer holds all of them, y[k] = f_k(z[k]) behind z[k] = w[k] x[k], so that a network, its
program, its page and its workbook are made once. What CONTRIBUTING.md promises in "Adding a layer"
is here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import mpmath
import sympy
from sympy import And, E, Heaviside, Max, Min, Or, Piecewise, Rational, exp, log, pi, sign, sqrt

import symcnn as sc
from symcnn import Layer, define
from symcnn.equations.functions import normal_cdf, relu, sigmoid, softplus
from symcnn.problems import register
from symcnn.problems.catalog import LAYERS

HERE, THERE = Rational(1, 2), Rational(-3, 8)
"""Where functions are looked at."""


class Row(NamedTuple):
    """A function: SymPy's, mpmath's, and two places at which it is defined."""

    of: Callable[[Any], Any]
    true: Callable[[Any], Any]
    places: tuple[Rational, Rational] = (HERE, THERE)


def _named(name: str, *places: Rational) -> Row:
    return Row(getattr(sympy, name), getattr(mpmath, name), places or (HERE, THERE))


RIGHT = (HERE, Rational(5, 4))
"""Places on the right of 0."""

_THIRD, _FIFTH = Rational(1, 3), mpmath.mpf(1) / 5


FUNCTIONS: dict[str, Row] = {
    **{name: _named(name) for name in ("exp", "erf", "sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: _named(name) for name in ("sinh", "cosh", "tanh", "asinh", "atanh")},
    "log": _named("log", *RIGHT),
    "acosh": _named("acosh", Rational(5, 4), Rational(3)),
    "floor": Row(sympy.floor, mpmath.floor),
    "ceiling": Row(lambda z: z * sympy.ceiling(z), lambda z: z * mpmath.ceil(z)),
    "Abs": Row(sympy.Abs, abs),
    "sign": Row(sign, mpmath.sign),
    "Max": Row(lambda z: Max(z, _THIRD), lambda z: max(z, mpmath.mpf(1) / 3)),
    "Max of three": Row(
        lambda z: Max(z**2, -z, _THIRD), lambda z: max(z**2, -z, 1 / mpmath.mpf(3))
    ),
    "Min": Row(lambda z: Min(z, _THIRD), lambda z: min(z, mpmath.mpf(1) / 3)),
    "Heaviside": Row(Heaviside, lambda z: mpmath.mpf(z > 0)),
    "cases of polynomials": Row(
        lambda z: Piecewise((z**2, z < Rational(1, 5)), (3 * z, True)),
        lambda z: z**2 if z < _FIFTH else 3 * z,
    ),
    "cases with a logarithm": Row(
        lambda z: Piecewise((log(z), z > 0), (exp(z), True)),
        lambda z: mpmath.log(z) if z > 0 else mpmath.exp(z),
    ),
    "cases with and": Row(
        lambda z: Piecewise((sympy.sin(z), And(z > 0, z < 1)), (sympy.cosh(z), True)),
        lambda z: mpmath.sin(z) if 0 < z < 1 else mpmath.cosh(z),
    ),
    "cases with or": Row(
        lambda z: Piecewise((exp(z), Or(z < 0, z > 1)), (sympy.tanh(z), True)),
        lambda z: mpmath.exp(z) if z < 0 or z > 1 else mpmath.tanh(z),
    ),
    "square root": Row(sqrt, mpmath.sqrt, RIGHT),
    "cube": Row(lambda z: z**3, lambda z: z**3),
    "inverse square": Row(lambda z: z**-2, lambda z: z**-2),
    "fifth root": Row(lambda z: z ** Rational(1, 5), lambda z: mpmath.root(z, 5), RIGHT),
    "power -3/2": Row(lambda z: z ** Rational(-3, 2), lambda z: z ** mpmath.mpf(-1.5), RIGHT),
    "power 2/3": Row(lambda z: z ** Rational(2, 3), lambda z: z ** (mpmath.mpf(2) / 3), RIGHT),
    "power pi": Row(lambda z: z**pi, lambda z: z**mpmath.pi, RIGHT),
    "2 to the z": Row(lambda z: 2**z, lambda z: mpmath.mpf(2) ** z),
    "z to the z": Row(lambda z: z**z, lambda z: z**z, RIGHT),
    "constants": Row(lambda z: pi * z**2 + E, lambda z: mpmath.pi * z**2 + mpmath.e),
    "root of a size": Row(lambda z: sqrt(abs(z)), lambda z: mpmath.sqrt(abs(z))),
    "logarithm of a size": Row(lambda z: log(1 + abs(z)), lambda z: mpmath.log(1 + abs(z))),
    "size of a logarithm": Row(lambda z: abs(log(z)), lambda z: abs(mpmath.log(z)), RIGHT),
    "signs and sizes": Row(
        lambda z: sympy.atan(abs(z)) * sign(z), lambda z: mpmath.atan(abs(z)) * mpmath.sign(z)
    ),
    "exponential less one": Row(lambda z: exp(z) - 1, mpmath.expm1),
    "sigmoid": Row(sigmoid, lambda z: 1 / (1 + mpmath.exp(-z))),
    "softplus": Row(softplus, lambda z: mpmath.log1p(mpmath.exp(z))),
    "normal_cdf": Row(normal_cdf, mpmath.ncdf),
    "relu": Row(relu, lambda z: max(z, 0)),
}
"""The functions by their names; those of symcnn stand for functions of its users."""

NAMES = tuple(FUNCTIONS)


@dataclass(frozen=True)
class Every(Layer):
    """y[k] = f_k(x[k]): one function after the other.

    Attributes:
        names: Which functions.
    """

    names: tuple[str, ...] = NAMES

    def forward(self, y, x):
        return [define(y[k], FUNCTIONS[name].of(x[k])) for k, name in enumerate(self.names)]


@contextmanager
def registered():
    """Let problem files name the layer, as those of the pages do that can be changed."""
    register(Every)
    try:
        yield
    finally:
        del LAYERS["every"]


def places(number: int, names: tuple[str, ...] = NAMES) -> list[Rational]:
    """Return the first or the second place of every function."""
    return [FUNCTIONS[name].places[number] for name in names]


FACTOR, SLOPE = Rational(5, 4), Rational(3, 2)
"""The numbers in x, and the loss's derivatives with respect to all outputs."""


@cache
def problem(number: int = 0, names: tuple[str, ...] = NAMES) -> sc.Problem:
    """Return a network of one layer, at places of its functions."""
    layers = [sc.MultiplyParameter((len(names),), name="z"), Every(names, name="y")]
    network = sc.Network((len(names),), layers, sc.Upstream())
    values = {
        "x": [FACTOR for _ in names],
        "z.weight": [place / FACTOR for place in places(number, names)],
        "gradient": [SLOPE for _ in names],
    }
    return sc.Problem(network, values, title="every function")


class Expected(NamedTuple):
    """A function's value at a place, its slope with respect to w, and its second derivative."""

    value: float
    slope: float
    bend: float


@cache
def true(number: int, names: tuple[str, ...] = NAMES) -> list[Expected]:
    """Return what mpmath finds: derivatives by differences, with 60 digits."""
    with mpmath.workdps(60):
        return [_true(FUNCTIONS[name], FUNCTIONS[name].places[number]) for name in names]


def _true(row: Row, place: Rational) -> Expected:
    z, step = mpmath.mpf(place.p) / place.q, mpmath.mpf(10) ** -20
    below, here, above = (mpmath.mpf(row.true(z + k * step)) for k in (-1, 0, 1))
    factor = mpmath.mpf(FACTOR.p) / FACTOR.q * 3 / 2
    slope = (above - below) / (2 * step) * factor
    bend = (above - 2 * here + below) / step**2 * factor * FACTOR.p / FACTOR.q
    return Expected(float(here), float(slope), float(bend))
