"""A function called here, in this process, on arrays in symcnn's layout, by position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symcnn.classroom.checks.code.callee import Call, Outcome


@dataclass(frozen=True)
class Here:
    """A function that takes arrays by position and returns one or several.

    Attributes:
        function: The function.
        names: The arrays that it takes.
        wanted: The arrays that it returns.
        notes: Nothing.
    """

    function: Callable[..., Any]
    names: Sequence[str]
    wanted: Sequence[str]
    notes: tuple[str, ...] = field(default=())

    def run(self, calls: Sequence[Call]) -> Sequence[Outcome]:
        """Call the function."""
        return [self._outcome(call) for call in calls]

    def _outcome(self, call: Call) -> Outcome:
        try:
            made = self.function(*(call.inputs[name] for name in self.names))
        except Exception as error:
            return Outcome({}, f"The function raised {type(error).__name__}: {error}.")
        arrays = made if isinstance(made, tuple) else (made,)
        return Outcome({n: np.asarray(a) for n, a in zip(self.wanted, arrays, strict=False)})
