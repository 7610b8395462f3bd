"""A training as a document, and what is checked before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from symcnn.derivation import Derivation, derive
from symcnn.document import Document, UnverifiedError
from symcnn.document.sections.training import Checked, Descended, Drawn, training
from symcnn.errors import located
from symcnn.network import Network
from symcnn.programs.computing import computed
from symcnn.programs.gradcheck import gradcheck
from symcnn.programs.lambdify import lambdify
from symcnn.programs.remedies import TRAINING
from symcnn.reference import Forward
from symcnn.training.result import Training
from symcnn.values import Array, Evaluation, float_arrays

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
    moved = (t for t in made.network.parameters if t.name not in made.frozen)
    descended = Descended(
        rate=made.rate,
        numbers=sum(tensor.size for tensor in moved),
        frozen=made.frozen,
        losses=made.losses,
        drawn=_drawn(made),
        right=None if made.accuracy is None else (made.accuracy.right, made.accuracy.samples),
        checked=_checked(made),
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
    passed = float(Forward(numbers.network, numbers.values).values["loss"][0])
    _check_near(float(found.loss), passed, "the loss")
    check = gradcheck(numbers, found.gradients)
    for row in check.rows:
        entry = f"{row.tensor}{[*row.position]}"
        _check_near(row.analytic, row.numeric, f"the derivative with respect to {entry}")
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


def _check_near(derived: float, measured: float, what: str) -> None:
    if not abs(derived - measured) <= _TOLERANCE * max(1.0, abs(measured)):
        raise UnverifiedError(
            f"{what} at the trained weights is {derived!r} by the formulas and {measured!r} "
            "by the forward pass; please report this"
        )
