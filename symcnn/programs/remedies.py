"""What helps where a number is not finite: it depends on what is the matter, and on who asks."""

from __future__ import annotations

from typing import NamedTuple

from symcnn.programs.ranges import SMALLER_STEP

_SMALLER = "use smaller values or weights"
_ROUNDED = "this is a rounding error"


class Remedies(NamedTuple):
    """What helps, by what is the matter.

    Attributes:
        smaller: A number is beyond floats.
        exactly: No float holds it, though what is asked for has one.
        rounded: Floats round to where there is no value.
        elsewhere: There is none at these numbers; empty where the loss knows better.
    """

    smaller: str
    exactly: str
    rounded: str
    elsewhere: str = ""


EVALUATING = Remedies(
    _SMALLER,
    f"{_SMALLER}, or evaluate --exact",
    f"{_ROUNDED}: {_SMALLER}, or evaluate exactly",
)

IN_FLOAT32 = Remedies(*[f"{_SMALLER}, or use float64"] * 3)

TRAINING = Remedies(_SMALLER, _SMALLER, f"{_ROUNDED}: {_SMALLER}")
"""There is no exact training."""

AFTER_A_STEP = Remedies(SMALLER_STEP, SMALLER_STEP, SMALLER_STEP, SMALLER_STEP)
"""The numbers themselves are not to blame."""
