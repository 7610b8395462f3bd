"""Clipping: derivatives that are too large are made smaller before a step.

by value     each entry is brought into [-c, c]
by norm      all entries are multiplied by min(1, c / |g|), with the Euclidean norm |g| of all
derivatives together
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, isfinite
from typing import Any

import numpy as np

from symcnn.equations.values import Array
from symcnn.errors import SymcnnError, shown


@dataclass(frozen=True)
class Clipping:
    """What derivatives are clipped to.

    Attributes:
        norm: The largest norm of all derivatives together; None for any.
        value: The largest size of an entry; None for any.

    Raises:
        SymcnnError: If one is no positive number.
    """

    norm: float | None = None
    value: float | None = None

    def __post_init__(self) -> None:
        """Check the bounds."""
        for name, bound in (("clip_norm", self.norm), ("clip_value", self.value)):
            if bound is not None and not _is_positive(bound):
                raise SymcnnError(f"{name} = {shown(bound)}: give a positive number")

    def __call__(self, slopes: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return derivatives that are clipped, by value first."""
        if self.value is not None:
            bound = self.value
            slopes = {name: np.clip(slope, -bound, bound) for name, slope in slopes.items()}
        if self.norm is not None:
            norm = hypot(*(float(np.linalg.norm(slope)) for slope in slopes.values()))
            if norm > self.norm:
                scale = float(self.norm) / norm
                slopes = {name: slope * scale for name, slope in slopes.items()}
        return slopes


def _is_positive(bound: Any) -> bool:
    is_number = isinstance(bound, int | float) and not isinstance(bound, bool)
    return is_number and isfinite(bound) and bound > 0
