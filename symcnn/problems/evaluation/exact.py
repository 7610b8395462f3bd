"""Exact evaluation: rationals as long as possible, 50 certain digits from there on.

An entry's value is its by-hand formula at the values of the stages before. A sum, a
product, a maximum, a bracket of rationals is a rational; exp, log, tanh and the like
of one are enclosed, as narrowly as the 50 digits that are returned and the comparisons
that decide need (see ``derivation.point``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from sympy import Expr

from symcnn import limits
from symcnn.derivation import Derivation, Point
from symcnn.equations import Tensor
from symcnn.equations.values import Evaluation
from symcnn.equations.values.evaluation import Array, Compared, held
from symcnn.errors import NotFiniteError, TooLargeError
from symcnn.problems import Problem
from symcnn.programs.finite import no_value, rounded


@dataclass(frozen=True, eq=False)
class ExactEvaluation(Compared):
    """The numbers of one forward and backward pass, as SymPy numbers.

    Arrays hold SymPy numbers (dtype object) in the layouts of the tensors.

    Attributes:
        loss: The loss L.
        outputs: The output of every layer, by its name.
        gradients: dL/dT for the input "x", every layer's output and every parameter.
        doubts: Comparisons that could not be decided, one line each: the numbers compared are
            treated as equal. This happens only if they are equal on paper by more than sums,
            products and quotients of the same exponentials, logarithms and roots.
    """

    loss: Expr
    outputs: dict[str, Array]
    gradients: dict[str, Array]
    doubts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say what it holds; the numbers themselves would fill screens."""
        return held(self, rounded(self.loss))

    def rounded(self) -> Evaluation:
        """Return the nearest floats."""
        return Evaluation(
            nearest(self.loss),
            {name: floats(array) for name, array in self.outputs.items()},
            {name: floats(array) for name, array in self.gradients.items()},
        )


def is_small(derivation: Derivation) -> bool:
    """Tell whether every entry of a network can be worked out exactly."""
    return derivation.network.terms <= limits.EXACT_TERMS


def exact_evaluation(problem: Problem) -> ExactEvaluation:
    """Evaluate a problem exactly.

    Raises:
        TooLargeError: If the network has too many terms for that.
        NotFiniteError: If an entry has no value.
    """
    derivation = problem.derivation
    if not is_small(derivation):
        raise TooLargeError(
            f"the network has {derivation.network.terms:,} terms, more than the "
            f"{limits.EXACT_TERMS:,} that are evaluated exactly: omit exact"
        )
    try:
        return _evaluated(problem)
    except NotFiniteError as error:
        raise no_value(derivation, problem.point) or error from None


def _evaluated(problem: Problem) -> ExactEvaluation:
    derivation, tensors, point = problem.derivation, problem.network.tensors, problem.point
    outputs = {t.name: t for t in tensors.values() if t.role == "hidden"}
    wanted = ("input", "parameter", "hidden")
    gradients = {n: a for n, a in derivation.adjoints.items() if tensors[n].role in wanted}
    (loss,) = _array(point, problem.network.loss_tensor)
    made = loss, _arrays(point, outputs), _arrays(point, gradients)
    return ExactEvaluation(*made, tuple(map(_doubt, [*point.doubts])))


def _doubt(entry: Expr) -> str:
    return (
        f"{entry}: {limits.EXACT_PRECISION:,} digits do not distinguish two numbers that decide "
        "it: they are treated as equal"
    )


def nearest(value: Expr) -> float:
    """Return the float that is nearest to a number: an infinite one beyond all floats."""
    try:
        return int(value.p) / int(value.q) if value.is_Rational else float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def floats(array: Array) -> Array:
    """Return the floats that are nearest to an array of numbers."""
    return np.array([nearest(value) for value in array.ravel()]).reshape(array.shape)


def _arrays(point: Point, tensors: Mapping[str, Tensor]) -> dict[str, Array]:
    return {name: _array(point, tensor) for name, tensor in tensors.items()}


def _array(point: Point, tensor: Tensor) -> Array:
    made = np.empty(tensor.shape, dtype=object)
    for position in tensor.positions():
        made[position] = point.value(tensor.symbol(position))
    return made
