"""A training as a document, and what is checked before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from symcnn.derivation import Derivation, derive
from symcnn.document.document import Document
from symcnn.document.story.training import Checked, Descended, Drawn, training
from symcnn.equations.values import Array, Evaluation, float_arrays
from symcnn.errors import UnverifiedError, located
from symcnn.network.network import Network
from symcnn.problems import Problem
from symcnn.problems.evaluation import settled
from symcnn.problems.training.result import Training
from symcnn.programs.computing import computed
from symcnn.programs.gradcheck import GradientCheck, gradcheck
from symcnn.programs.lambdify import lambdify
from symcnn.programs.ranges import TRAINING
from symcnn.reference import Forward

_SAMPLES = 2
"""How many samples a check is made with where there are thousands."""

_TOLERANCE = 1e-8


def report(made: Training) -> Document:
    """Return the document of a training.

    Raises:
        NotFiniteError: If a derivative at the trained weights is beyond floats.
        UnverifiedError: If the loss or a derivative at the trained weights is not what the
            forward pass alone gives.
    """
    descended = Descended(
        rate=made.rate,
        numbers=sum(tensor.size for tensor in made.network.parameters),
        losses=made.losses,
        drawn=_drawn(made),
        checked=_checked(made),
        optimizer=made.optimizer,
    )
    return Document(f"{made.start.title}: training", training(descended))


@dataclass(frozen=True)
class _Numbers:
    """A network with numbers as arrays."""

    network: Network
    values: Mapping[str, Array]

    @cached_property
    def derivation(self) -> Derivation:
        return derive(self.network)


def _drawn(made: Training) -> Drawn | None:
    if made.samples is None or made.network.batch is None:
        return None
    return Drawn(made.network.batch, len(made.samples))


def _checked(made: Training) -> Checked:
    """Compare the loss and derivatives with the forward pass, at the trained weights."""
    numbers, samples = _few(made), None if made.samples is None else _SAMPLES
    found = _found(numbers)
    passed = Forward(numbers.network, numbers.values, found.outputs)
    _check_loss(float(found.loss), float(passed.values["loss"][0]))
    check = gradcheck(numbers, found.gradients, passed=passed)
    if check.is_far:  # exact numbers take memory: they are made where floats do not do
        with located("at the trained weights"):
            check = settled(Problem(numbers.network, numbers.values), check)
        _check_near(check)
    return Checked(check.method, samples and numbers.network.batch, check.max_abs_error)


def _found(numbers: _Numbers) -> Evaluation:
    """Return what the derived program computes, all of it finite."""
    with located("at the trained weights"):
        program = lambdify(numbers.derivation)
        return computed(program, numbers.derivation, numbers.values, TRAINING)


def _few(made: Training) -> _Numbers:
    """Return the trained weights with the problem's own numbers, or a few of the samples."""
    if made.samples is None:
        own = float_arrays(made.start.values, made.network.given)
        return _Numbers(made.network, own | _floats(made.weights))
    assert made.network.batch is not None
    few = min(_SAMPLES, made.network.batch)
    network = replace(made.network, batch=few)
    chosen = made.samples.take(np.arange(few)).given
    return _Numbers(network, _floats(chosen) | _floats(made.weights))


def _floats(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: array.astype(float) for name, array in arrays.items()}


def _check_loss(derived: float, passed: float) -> None:
    if not abs(derived - passed) <= _TOLERANCE * max(1.0, abs(passed)):
        raise UnverifiedError(
            f"the loss at the trained weights is {derived!r} by the formulas and {passed!r} "
            "by the forward pass; please report this"
        )


def _check_near(check: GradientCheck) -> None:
    """Refuse derivatives in floats that are not those of the formulas, which do hold."""
    if check.is_far:
        row = max(check.rows, key=lambda row: abs(row.analytic - row.numeric))
        raise UnverifiedError(
            f"the derivative with respect to {row.tensor}{[*row.position]} at the trained weights "
            f"is {row.analytic:.6g} in floats, {row.numeric:.6g} measured: use smaller "
            "values or weights, or else please report this"
        )
