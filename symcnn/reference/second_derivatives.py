"""Second derivatives by adding up paths: how everything moves with one entry v.

dT/dv adds up the paths from v to T. Where dL/dT adds up the paths from T to the loss, its own
derivative adds up how the slopes along them change with v:

    d/dv (sum over paths of slope * slope' * ...)

Nothing is differentiated in symbols: slopes change as numbers that move do (see ``moving``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from sympy import S

from symcnn.equations import Tensor, entry_at
from symcnn.reference.passes import Arrays, Pass


class Along:
    """The derivatives of all entries, and of all derivatives of the loss, with respect to v."""

    def __init__(
        self, passed: Pass, tensors: Mapping[str, Tensor], name: str, position: Sequence[int]
    ) -> None:
        """Take a pass, and the entry v of what is given."""
        self._pass, self._tensors = passed, tensors
        tensor = tensors[name]
        moved = passed.constant(S.Zero, tensor.size)
        moved[entry_at(tensor.checked(position), tensor.shape)] = passed.constant(S.One, 1)[0]
        self._moved = {tensor.base: moved}
        self._linear: dict[str, Arrays] = {}

    def second(self, kind: str, name: str, position: Sequence[int], output: str) -> Any:
        """Return one of the following, by its name."""
        if kind == "gauss_newton":
            return self.gauss_newton(name, position, output)
        return self.jacobian(name, position) if kind == "jacobian" else self.signal(name, position)

    def jacobian(self, name: str, position: Sequence[int]) -> Any:
        """Return dT[position]/dv."""
        return self._at(self._velocities, name, position)

    def signal(self, name: str, position: Sequence[int]) -> Any:
        """Return d^2 L / dT[position] dv."""
        return self._at(self._derivatives, name, position)

    def gauss_newton(self, name: str, position: Sequence[int], output: str) -> Any:
        """Return the same where all layers up to the output count as linear."""
        if output not in self._linear:
            end = self._tensors[output].base
            with np.errstate(all="ignore"):
                beyond = self._pass.velocities({end: self._velocities[end]}, end)
                self._linear[output] = self._pass.moved_derivatives(beyond, end)
        return self._at(self._linear[output], name, position)

    @cached_property
    def _velocities(self) -> Arrays:
        with np.errstate(all="ignore"):
            return self._pass.velocities(self._moved)

    @cached_property
    def _derivatives(self) -> Arrays:
        with np.errstate(all="ignore"):
            return self._pass.moved_derivatives(self._velocities)

    def _at(self, arrays: Arrays, name: str, position: Sequence[int]) -> Any:
        tensor = self._tensors[name]
        return arrays[tensor.base][entry_at(tensor.checked(position), tensor.shape)]
