"""What is due in a case: numbers for everything given, and what the derivation yields at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from sympy import Expr

from symcnn import limits
from symcnn.classroom.checks.vectors import draws
from symcnn.classroom.checks.vectors.specimens import Specimen
from symcnn.equations import Tensor
from symcnn.errors import NotFiniteError, SymcnnError, TooLargeError
from symcnn.problems import Problem
from symcnn.problems.evaluation.exact import ExactEvaluation, exact_evaluation

_DRAWS: Mapping[str, draws.Draw] = {"mask": draws.bits, "variance": draws.positive}
"""For what is given besides and cannot be any number, by its name."""

_LARGEST = 2**24
"""Whole numbers below are floats of any kind."""


@dataclass(frozen=True)
class Due:
    """A specimen with its numbers.

    Attributes:
        specimen: The layer in its network.
        problem: The network with its numbers.
        evaluation: Its exact outputs and derivatives.
    """

    specimen: Specimen
    problem: Problem
    evaluation: ExactEvaluation

    def value(self, tensor: Tensor) -> Sequence[Expr]:
        """Return the entries of what is given or computed, in row-major order."""
        if tensor.name in self.problem.values:
            return list(self.problem.values[tensor.name])
        return list(self.evaluation.outputs[tensor.name].ravel())

    def slope(self, tensor: Tensor) -> Sequence[Expr] | None:
        """Return the derivatives of the loss with respect to a tensor; None if it has none."""
        found = self.evaluation.gradients.get(tensor.name)
        return None if found is None else list(found.ravel())

    def numbers(self) -> Iterator[Expr]:
        """Run over all results."""
        for array in (*self.evaluation.outputs.values(), *self.evaluation.gradients.values()):
            yield from array.ravel()

    @property
    def is_exact(self) -> bool:
        """Whether float64, and float32, hold every result exactly."""
        return all(n.is_Rational and _is_short(int(n.p), int(n.q)) for n in self.numbers())


def _is_short(numerator: int, denominator: int) -> bool:
    return denominator & (denominator - 1) == 0 and abs(numerator) < _LARGEST


def due(specimen: Specimen, *names: object) -> Due:
    """Return a case whose results floats hold, if numbers for such a one are found.

    Raises:
        SymcnnError: If the layer has no values at any numbers that are tried.
    """
    first = _at(specimen, draws.distinct, names) or _at(specimen, draws.positive, names)
    if first is None:
        raise SymcnnError(f"{specimen.layer} has no values at the numbers that were tried")
    if first.is_exact or not all(n.is_Rational for n in first.numbers()):
        return first
    factor = lcm(*(_odd_part(int(n.q)) for n in first.numbers()))
    others: list[draws.Draw] = [draws.powers]
    if factor < _LARGEST:
        others.insert(0, draws.times(factor, draws.distinct))
    found = (_at(specimen, draw, names) for draw in others)
    return next((one for one in found if one is not None and one.is_exact), first)


def tied(specimen: Specimen, *names: object) -> Due | None:
    """Return a case with equal numbers in the input; None if the layer has no values there."""
    return _at(specimen, draws.repeated, names)


def _odd_part(number: int) -> int:
    return number // (number & -number)


def _at(specimen: Specimen, draw: draws.Draw, names: Sequence[object]) -> Due | None:
    """Evaluate the network at numbers for its input; its parameters are distinct ones."""
    network = specimen.network
    _check_small(specimen)
    values = {t.name: _drawn(specimen, t, draw, names) for t in network.given}
    problem = Problem(network, values)
    try:
        evaluation = exact_evaluation(problem)
    except NotFiniteError:
        return None
    return None if evaluation.doubts else Due(specimen, problem, evaluation)


def _check_small(specimen: Specimen) -> None:
    """Refuse what is too large to be worked out exactly, before numbers are drawn for it."""
    network = specimen.network
    count = sum(equation.terms for equation in network.equations)
    count += sum(tensor.size for tensor in network.given)
    if count > limits.EXACT_TERMS:
        raise TooLargeError(
            f"{specimen.layer} has {count:,} terms and entries, more than the "
            f"{limits.EXACT_TERMS:,} that are evaluated exactly: test vectors are small, choose "
            "smaller settings"
        )


def _drawn(
    specimen: Specimen, tensor: Tensor, draw: draws.Draw, names: Sequence[object]
) -> list[Fraction]:
    layer, network = specimen.layer, specimen.network
    own = {t.name: name for name, t in specimen.givens.items()}
    chosen: draws.Draw = draws.distinct
    if tensor == network.input:
        chosen = draws.below(getattr(layer, "entries", 2)) if layer.takes_indices else draw
    elif tensor.name in own:
        chosen = _DRAWS.get(own[tensor.name], draws.distinct)
    elif tensor == network.target and draw is not draws.repeated:
        chosen = draw
    return chosen(int(tensor.size), draws.seeded(*names, tensor.name))
