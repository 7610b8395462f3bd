"""What stands for derivatives where there are none, as far as a document tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symcnn.document.facts.scope import Position


class Chosen(NamedTuple):
    """All that is chosen in one equation: at ties of a maximum, or at kinks of a function.

    Attributes:
        tensor: The name of the tensor that the equation computes.
        positions: Its entries whose largest terms are equal, or which are computed at a kink.
        argument: The name of the tensor that is read at kinks; nothing at ties.
        places: The entries of it that are at kinks.
        changed: The entries of which other choices change the derivative, by the names of
            their tensors.
    """

    tensor: str
    positions: Sequence[Position]
    argument: str
    places: Sequence[Position]
    changed: Mapping[str, Sequence[Position]]
