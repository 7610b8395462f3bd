"""What the rows of a document are checked against."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from math import isfinite
from random import Random

import numpy as np
from sympy import Expr, Rational

from symcnn.document.explanation.exact_oracle import ExactOracle
from symcnn.document.explanation.float_oracle import FloatOracle, Floats
from symcnn.document.explanation.numbers import Locate, Numbers
from symcnn.document.rows.verify import Oracle
from symcnn.equations.values import Array, float_arrays
from symcnn.errors import NotFiniteError
from symcnn.problems import Problem
from symcnn.reference import Forward

_ANYWHERE, _NEAR = 2, 1
"""How many other points every row is checked at: anywhere, and near the problem's own."""

Exact = Mapping[str, Sequence[Expr]]
"""Exact numbers for everything given, flat, by tensor name."""


def oracles(numbers: Numbers, locate: Locate | None = None) -> list[Oracle]:
    """Return what knows all values: at the problem's numbers, and at random ones.

    Values and derivatives come from the forward pass, which knows nothing of the
    derivation: in exact numbers for small networks, else in floating point.

    Two random points are anywhere: there other entries are the largest. One is near the
    problem's own, where what was compared there compares the same way; so it is for
    networks that have no value anywhere else, as the logarithm of -1 has none. No number
    is 0: a missing factor would not be seen.

    Args:
        numbers: The problem's numbers.
        locate: What finds entries; by default those of the derivation.
    """
    problem = numbers.problem
    if not numbers.are_exact:
        points = _float_points(_floats(problem), problem.network.indexing)
        others = (_in_floats(numbers, point, locate) for point in points)
        return [_in_floats_at_own(numbers, locate), *_first(others)]
    at_own = _exact(problem, problem.values, locate) or _in_floats_at_own(numbers, locate)
    others = (_exact(problem, point, locate) for point in _points(problem.values))
    return [at_own, *_first(others), *_first([_exact(problem, _tied(problem), locate)])]


def _in_floats_at_own(numbers: Numbers, locate: Locate | None) -> Oracle:
    """Return an oracle in floats.

    Raises:
        NotFiniteError: Names the first entry without a finite value.
    """
    problem, passed = numbers.problem, numbers.forward
    if numbers.are_exact:
        passed = Forward(problem.network, problem.values, numbers.evaluation.outputs)
    return FloatOracle(problem.derivation, passed, _floats(problem), locate)


def _in_floats(numbers: Numbers, point: Floats, locate: Locate | None) -> Oracle | None:
    """Return an oracle in floats; None where the loss has no value."""
    derivation = numbers.problem.derivation
    passed = numbers.forward.at(point)
    with np.errstate(all="ignore"):  # the logarithm of -1 is nan: that is the question here
        try:
            loss = passed.value(derivation.network.loss_tensor.name, (0,))
        except NotFiniteError:
            return None
    return FloatOracle(derivation, passed, point, locate) if isfinite(loss) else None


def _first(found: Iterable[Oracle | None]) -> Iterator[Oracle]:
    return islice((oracle for oracle in found if oracle), _ANYWHERE + _NEAR)


def _exact(problem: Problem, point: Exact, locate: Locate | None) -> Oracle | None:
    """Return an oracle in exact numbers; None where some entry has no value."""
    try:
        return ExactOracle(problem.derivation, point, locate)
    except ArithmeticError:
        return None


def _floats(problem: Problem) -> Floats:
    return float_arrays(problem.values, problem.network.given)


def _points(own: Exact) -> Iterator[Exact]:
    """Choose other numbers for everything given, the same ones every time."""
    random = Random(0)
    for _ in range(_ANYWHERE):
        yield {name: [_drawn(random) for _ in numbers] for name, numbers in own.items()}
    for _ in range(_ANYWHERE + _NEAR):
        yield {name: [_moved(v, _drawn(random)) for v in own[name]] for name in own}


def _float_points(own: Floats, indices: Container[str]) -> Iterator[Floats]:
    """Choose them as ``_points`` does, but for indices, which stay."""
    random = np.random.default_rng(0)
    fixed = {name: array for name, array in own.items() if name in indices}
    moving = {name: array for name, array in own.items() if name not in indices}

    def drawn(array: Array) -> Array:
        signs: Array = random.choice((-1, 1), array.shape)
        return signs * random.integers(1, 17, array.shape) / 16

    for _ in range(_ANYWHERE):
        yield fixed | {name: drawn(array) for name, array in moving.items()}
    for _ in range(_ANYWHERE + _NEAR):
        yield fixed | {n: a + np.where(a == 0, 1, a) * drawn(a) / 128 for n, a in moving.items()}


def _tied(problem: Problem) -> Exact:
    """Choose numbers at which maxima are tied and the kinks of activations are met.

    Input and biases are 0, and so is what the first layer makes of them.
    """
    random, nothing = Random(1), problem.network.input.name
    return {
        name: [
            Rational(0) if name == nothing or name.endswith(".bias") else _drawn(random)
            for _ in numbers
        ]
        for name, numbers in problem.values.items()
    }


def _drawn(random: Random) -> Expr:
    """Draw a sixteenth between -1 and 1 that is not 0."""
    return Rational(random.choice((-1, 1)) * random.randint(1, 16), 16)


def _moved(number: Expr, by: Expr) -> Expr:
    """Move a number by a hundredth of itself at most."""
    return number + (number or 1) * by / 128
