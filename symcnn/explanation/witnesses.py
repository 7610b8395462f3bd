"""What the rows of a document are checked against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import numpy as np
from sympy import Symbol

from symcnn.derivation import Derivation
from symcnn.document import Witness
from symcnn.evaluation import is_small, slack
from symcnn.explanation.values import program_values
from symcnn.numeric import Forward
from symcnn.numeric.evaluation import Array
from symcnn.numeric.floats import float_array
from symcnn.problems import Problem
from symcnn.values import Values

_OTHER_POINTS = 2
"""How many other choices of numbers every row is checked at."""

_SHAKE = 2.0**-48


def witnesses(problem: Problem) -> list[Witness]:
    """Return what knows all values: at the problem's numbers, and at random ones.

    Values come from the forward pass, derivatives from complex steps on it; neither
    knows of the derivation. In a large network the many entries that one formula is made
    of come from the derived program; the entry that a row is about is measured there too.
    """
    own = {
        name: float_array(entries, problem.network.tensors[name])
        for name, entries in problem.values.items()
    }
    at_own = _witness(problem.derivation, own, slack(problem))
    return [at_own, *(_witness(problem.derivation, point) for point in _random_values(own))]


def _witness(derivation: Derivation, values: Mapping[str, Array], slack: float = 0.0) -> Witness:
    measured = _measured(derivation, values, slack)
    shaken = _measured(derivation, _shaken(values), slack)
    known = measured if is_small(derivation) else program_values(derivation, values)
    return Witness(measured, shaken, known, slack)


def _measured(derivation: Derivation, values: Values, slack: float) -> Callable[[Symbol], float]:
    passed = Forward(derivation.network, values, slack)
    names = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}

    @cache
    def value(symbol: Symbol) -> float:
        tensor, position = derivation.entries.locate(symbol)
        if tensor.role == "adjoint":
            return passed.derivative(names[tensor.name], position)
        return float(passed.values[tensor.name][position])

    return value


def _shaken(values: Mapping[str, Array]) -> dict[str, Array]:
    """Move every number by a few roundings, up and down in turn."""
    return {
        name: array * (1 + _SHAKE * (-1) ** np.arange(array.size).reshape(array.shape))
        for name, array in values.items()
    }


def _random_values(own: Mapping[str, Array]) -> Iterator[Mapping[str, Array]]:
    """Choose other numbers for everything given: sixteenths, the same ones every time."""
    random = np.random.default_rng(0)
    for _ in range(_OTHER_POINTS):
        yield {name: random.integers(-16, 17, array.shape) / 16 for name, array in own.items()}
