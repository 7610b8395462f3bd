"""What a program finds at some numbers, if it is finite and nothing of it was lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symcnn.derivation import Derivation
from symcnn.errors import NotFiniteError
from symcnn.programs.finite import beyond_floats, finite, not_finite
from symcnn.programs.remedies import EVALUATING, Remedies
from symcnn.values import Evaluation, Values


def computed(
    program: Callable[[Values], Evaluation],
    derivation: Derivation,
    values: Values,
    remedies: Remedies = EVALUATING,
) -> Evaluation:
    """Return what a derivation's program finds at some numbers, if all of it is finite.

    Args:
        program: What computes.
        derivation: What it computes.
        values: At which numbers.
        remedies: What helps whoever asks.

    Raises:
        NotFiniteError: Names the first entry that is not, and the reason.
    """
    try:
        with np.errstate(all="ignore", over="raise"):  # what is not finite is an error
            made = program(values)
    except NotFiniteError:
        return _after_overflow(program, derivation, values, remedies)
    return finite(derivation, values, made, remedies)


def _after_overflow(
    program: Callable[[Values], Evaluation],
    derivation: Derivation,
    values: Values,
    remedies: Remedies,
) -> Evaluation:
    """Compute on, if the overflow does no harm: that of exp(-z) in 1/(1 + exp(-z)) does none."""
    try:
        with np.errstate(all="ignore"):
            made = program(values)
    except NotFiniteError:
        raise not_finite(derivation, values, remedies=remedies) from None
    finite(derivation, values, made, remedies)
    if error := beyond_floats(derivation, values, remedies=remedies):
        raise error
    return made
