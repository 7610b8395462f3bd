"""Some of the loop assignments of an equation, which were found without listing all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symcnn.equations.assignments import Assignments, Integers
from symcnn.equations.meeting import Columns


@dataclass(frozen=True, eq=False)
class Selected(Assignments):
    """The assignments in some columns; guards let all of them through.

    Attributes:
        columns: The values of the loops, each in a row of assignments.
    """

    columns: Columns

    @property
    def _axes(self) -> dict[Any, Integers]:
        return self.columns

    @cached_property
    def _kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        count = next((column.size for column in self.columns.values()), 1)
        return np.ones(count, dtype=bool)
