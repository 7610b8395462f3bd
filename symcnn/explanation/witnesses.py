"""What the rows of a document are checked against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import isfinite
from random import Random

from sympy import Expr, Rational

from symcnn.document import Witness
from symcnn.evaluation import is_small
from symcnn.explanation.exact_witness import ExactWitness
from symcnn.explanation.float_witness import FloatWitness
from symcnn.numeric import lambdify
from symcnn.problems import Problem

_ANYWHERE, _NEAR = 2, 1
"""How many other points every row is checked at: anywhere, and near the problem's own."""

Point = dict[str, Sequence[Expr]]
"""Exact numbers for everything given, flat, by the tensors' names."""


def witnesses(problem: Problem) -> list[Witness]:
    """Return what knows all values: at the problem's numbers, and at random ones.

    Values and derivatives come from the forward pass, which knows nothing of the
    derivation: in exact numbers for small networks, else in floating point.
    """
    own = dict(problem.values)
    at_own = _exact(problem, own) or FloatWitness(problem.derivation, own)
    others = filter(None, (_elsewhere(problem, point) for point in _points(own)))
    return [at_own, *islice(others, _ANYWHERE + _NEAR), *filter(None, [_tied(problem, own)])]


def _exact(problem: Problem, point: Point) -> Witness | None:
    """Return a witness in exact numbers; None where they have no value or take too long."""
    try:
        return ExactWitness(problem.derivation, point) if is_small(problem.derivation) else None
    except ArithmeticError:
        return None


def _elsewhere(problem: Problem, point: Point) -> Witness | None:
    """Return a witness; None where the network has no value, as for the logarithm of -1."""
    if is_small(problem.derivation):
        return _exact(problem, point)
    if not isfinite(lambdify(problem.derivation)(point).loss):
        return None
    return FloatWitness(problem.derivation, point)


def _points(own: Point) -> Iterator[Point]:
    """Choose other numbers for everything given, the same ones every time.

    Two points are anywhere: there other entries are the largest. The others are near the
    problem's own, where what was compared there compares the same way, and the logarithm of
    what is positive there has a value. No number is 0: a missing factor would not be seen.
    """
    random = Random(0)
    for _ in range(_ANYWHERE):
        yield {name: [_drawn(random) for _ in numbers] for name, numbers in own.items()}
    for _ in range(_ANYWHERE + _NEAR):
        yield {name: [_moved(v, _drawn(random)) for v in own[name]] for name in own}


def _tied(problem: Problem, own: Point) -> Witness | None:
    """Return a witness where maxima are tied and the kinks of activations are met.

    Input and biases are 0, and so is what the first layer makes of them.
    """
    random, zero = Random(1), (problem.network.input.name, ".bias")
    point: Point = {
        name: [Rational(0) if name.endswith(zero) else _drawn(random) for _ in numbers]
        for name, numbers in own.items()
    }
    return _exact(problem, point)


def _drawn(random: Random) -> Expr:
    """Draw a sixteenth between -1 and 1 that is not 0."""
    return Rational(random.choice((-1, 1)) * random.randint(1, 16), 16)


def _moved(number: Expr, by: Expr) -> Expr:
    """Move a number by a hundredth of itself at most."""
    return (number or 1) * by / 128 + number
