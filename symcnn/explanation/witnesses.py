"""What the rows of a document are checked against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
from sympy import Symbol

from symcnn.derivation import Derivation
from symcnn.document import Witness
from symcnn.explanation.values import is_small, program_values
from symcnn.numeric import Forward
from symcnn.numeric.evaluation import Array
from symcnn.numeric.floats import float_array
from symcnn.problems import Problem
from symcnn.values import Values

_OTHER_POINTS = 2
"""How many other choices of numbers every row is checked at."""


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
    points = [own, *_random_values(own)]
    return [_witness(problem.derivation, point) for point in points]


def _witness(derivation: Derivation, values: Values) -> Witness:
    passed = Forward(derivation.network, values)
    names = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}

    @cache
    def measured(symbol: Symbol) -> float:
        tensor, position = derivation.entries.locate(symbol)
        if tensor.role == "adjoint":
            return passed.derivative(names[tensor.name], position)
        return float(passed.values[tensor.name][position])

    known = measured if is_small(derivation) else program_values(derivation, values)
    return Witness(measured, known)


def _random_values(own: Mapping[str, Array]) -> Iterator[Values]:
    """Choose other numbers for everything given: sixteenths, the same ones every time."""
    random = np.random.default_rng(0)
    for _ in range(_OTHER_POINTS):
        yield {name: random.integers(-16, 17, array.shape) / 16 for name, array in own.items()}
