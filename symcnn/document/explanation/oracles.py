"""What the rows of a document are checked against."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import isfinite
from random import Random

import numpy as np
from sympy import Expr, Rational, Symbol

from symcnn.derivation import Derivation
from symcnn.derivation.float_values import Computed, Perturbed
from symcnn.derivation.jacobians import Sensitivity
from symcnn.document.explanation.exact_oracle import ExactOracle
from symcnn.document.explanation.numbers import Locate, Measured, Numbers
from symcnn.document.rows.verify import Oracle
from symcnn.equations.values import Array, float_arrays, perturbed
from symcnn.errors import NotFiniteError
from symcnn.problems import Problem
from symcnn.reference import FLOATS, Forward, LocalForward, evaluate

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
            if isinstance(passed, LocalForward) and not isfinite(passed.loss):
                return None  # asked first, for gradients take several times as long
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
    return number + (number or 1) * by / 128


_RELATIVE, _ABSOLUTE, _ROUNDINGS = 1e-9, 1e-13, 16

Floats = Mapping[str, Array]
"""Arrays by tensor name."""


class FloatOracle:
    """The values of all entries as floats: from the forward pass and its derivatives."""

    def __init__(
        self,
        derivation: Derivation,
        passed: Forward | LocalForward,
        values: Floats,
        locate: Locate | None = None,
    ) -> None:
        """Take the numbers of everything given, and what follows from them.

        Args:
            derivation: What is checked.
            passed: The forward pass at the numbers.
            values: The numbers, by tensor name.
            locate: What finds entries, those of second order too.
        """
        self._passed, self._values = passed, values
        self._measured = Measured(derivation, passed, float, locate)
        slopes = {name: passed.derivatives(name) for name in derivation.adjoints}
        self._locate = locate
        self._made = derivation, passed.joint_values, slopes, self._second
        self._beside = Computed(*self._made)

    def holds(self, symbol: Symbol, right: Expr) -> bool:
        """Tell whether an entry equals an expression of entries, but for rounding."""
        found = self._beside.number(right)
        return self._is_near(symbol, found, 0.0) or self._is_near(
            symbol, found, _ROUNDINGS * self._rounding(right)
        )

    def shows(self, entry: Expr, figure: Expr | Fraction, margin: Fraction) -> bool:
        """Tell whether the value of an expression is at most ``margin`` away from a figure."""
        return self._is_near(entry, float(figure), float(margin))

    def number(self, expression: Expr) -> float:
        """Return the value of an entry as measured, or of an expression of entries."""
        if expression.is_Symbol:
            return _number(expression, self._measured)
        return self._beside.number(expression)

    @cached_property
    def _near(self) -> Measured:
        """The values at numbers that differ by a few roundings."""
        derivation, *_ = self._made
        near = self._passed.at(perturbed(self._values, derivation.network.indexing))
        return Measured(derivation, near, float, self._locate)

    def _second(self, symbol: Symbol) -> float | None:
        """Return an entry of second order; None for any other."""
        if self._locate is None or not isinstance(self._locate(symbol)[0], Sensitivity):
            return None
        return float(self._measured[symbol])

    def _rounding(self, expression: Expr) -> float:
        """Return how far an expression moves if each entry in it is moved by a few roundings.

        A difference of large numbers, such as that in exp(z - l), has the rounding of both.
        """
        moved = Perturbed(*self._made)
        made = np.real(evaluate(expression, moved, FLOATS))
        return float(np.max(made) - np.min(made))

    def _is_near(self, entry: Expr, found: float, margin: float) -> bool:
        """Compare what was measured with what was found."""
        expected = _number(entry, self._measured)
        beyond = abs(expected - found) - margin
        if beyond <= _ABSOLUTE + _RELATIVE * max(abs(expected), abs(found)):
            return True
        # Near-cancellation: numbers that differ by little more than rounding tell how many
        # digits of the value are known.
        return beyond <= _ROUNDINGS * abs(expected - _number(entry, self._near))


def _number(expression: Expr, measured: Measured) -> float:
    return float(np.real(evaluate(expression, measured, FLOATS)))
