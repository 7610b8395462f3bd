"""Loss and derivatives at some weights, and what is said of numbers beyond floats."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from symcnn.derivation import derive
from symcnn.equations.values import Array
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.network.network import Network
from symcnn.programs.finite import beyond_floats
from symcnn.programs.program import Program
from symcnn.programs.ranges import AFTER_A_STEP, TRAINING, check_step, range_of


def stopped(network: Network, values: Mapping[str, Array], step: int, kind: str) -> SymcnnError:
    """Say what has no finite value: after a step, because it was too long."""
    try:
        check_step({tensor.name: values[tensor.name] for tensor in network.parameters})
        remedies = AFTER_A_STEP if step else TRAINING
        found = beyond_floats(derive(network), values, None, remedies, kind)
        made = found or _beyond(kind, remedies.smaller)
    except NotFiniteError as error:
        made = error
    return made.at(f"after {step:,} step{'s' * (step > 1)}") if step else made


def _beyond(kind: str, remedy: str) -> NotFiniteError:
    """Say so of a number that is not known."""
    wider = "" if kind == "float64" else ", or float64"
    return NotFiniteError(f"a number exceeds {range_of(kind)}: {remedy}{wider}")


def computed(
    program: Program, values: Mapping[str, Array], outputs: dict[str, Array] | None = None
) -> tuple[float, Mapping[str, Array]]:
    """Return the loss and the gradients.

    Raises:
        NotFiniteError: If a number on the way is beyond floats, and no result shows it.
    """
    arguments = [values[tensor.name] for tensor in program.given]
    try:
        with np.errstate(over="raise"):
            loss, gradients = program.function(*arguments, outputs=outputs)
    except ArithmeticError:
        made = program(values)  # which looks for harm
        loss, gradients = made.loss, made.gradients
        if outputs is not None:
            outputs |= made.outputs
    return float(loss), gradients
