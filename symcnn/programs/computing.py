"""What a program finds at some numbers, if it is finite and nothing of it was lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symcnn.derivation import Derivation
from symcnn.equations.values import Evaluation, Values
from symcnn.errors import NotFiniteError
from symcnn.programs.finite import beyond_floats, finite, is_finite, not_finite
from symcnn.programs.ranges import EVALUATING, IN_FLOAT32, Remedies


def computed(
    program: Callable[[Values], Evaluation],
    derivation: Derivation,
    values: Values,
    remedies: Remedies = EVALUATING,
) -> Evaluation:
    """Return what a derivation's program finds at some numbers, if all of it is finite.

    Raises:
        NotFiniteError: Names the first entry that is not, and the reason.
    """
    try:
        with np.errstate(all="ignore"):  # what is not finite is an error
            made = program(values)
    except NotFiniteError:
        raise not_finite(derivation, values, remedies=remedies) from None
    return finite(derivation, values, made, remedies)


def unharmed(
    function: Callable[[Values], Evaluation],
    derivation: Callable[[], Derivation],
    values: Values,
    kind: str,
) -> Evaluation:
    """Return what a program's function finds, unless an overflow on the way has harmed it.

    That of exp(-z) in 1/(1 + exp(-z)) does no harm; what is infinite or no number is seen.

    Args:
        function: What computes.
        derivation: What returns what it computes, if that is needed.
        values: At which numbers.
        kind: The type of its floats.

    Raises:
        NotFiniteError: Names the first entry that is beyond floats, where no result shows it.
    """
    try:
        with np.errstate(over="raise"):
            return function(values)
    except NotFiniteError:
        with np.errstate(over="ignore"):
            made = function(values)
    if not is_finite(made):
        return function(values)  # with the warnings that NumPy has
    remedies = EVALUATING if kind == "float64" else IN_FLOAT32
    if error := beyond_floats(derivation(), values, made.gradients, remedies, kind):
        raise error
    return made
