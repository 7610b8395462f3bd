"""The quantities of a problem that have a name: what sources print and people ask for.

conv1                     a tensor: input, parameter, target, layer's output, loss
gradient of conv1         dL/dT, with respect to every entry of T
routing of pool1          the routing of a maximum
updated conv1.weight      w - rate * dL/dw, one step of gradient descent, or of another optimizer
loss after 100 steps      a tensor when that many steps have been taken, in floats
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from sympy import Expr, Float

from symcnn import limits
from symcnn.derivation import Derivation, Point
from symcnn.derivation.statement import GRADIENT
from symcnn.equations import Tensor
from symcnn.equations.values import Array, Evaluation, Values, known
from symcnn.errors import NotFiniteError, SymcnnError, TooLargeError, shown
from symcnn.network.optimizers import SGD, Optimizer, Steps
from symcnn.programs.finite import no_value, not_finite
from symcnn.programs.ranges import AFTER_A_STEP, check_step

if TYPE_CHECKING:
    from symcnn.programs.program import Program

_STEPS = re.compile(r"(.+) after ([1-9][0-9]{0,8}) steps?( of the weights)?")
_UPDATED = "updated "


@dataclass(frozen=True)
class Quantities:
    """The named quantities of a network at given numbers.

    Attributes:
        derivation: The derivation of the network.
        values: Numbers for input, parameters and target.
        rate: The step of gradient descent, if there is one.
        optimizer: What takes the step.
    """

    derivation: Derivation
    values: Values
    rate: Expr | None
    optimizer: Optimizer = field(default=SGD())

    @cached_property
    def point(self) -> Point:
        """The values of all entries, to 50 digits."""
        return self.derivation.at(self.values)

    def shape(self, name: str) -> Tensor:
        """Return the tensor that a quantity has the shape of; an unknown one is an error."""
        return self._found(name)[0]

    def __call__(self, name: str) -> tuple[Expr, ...]:
        """Return the entries of a quantity in row-major order."""
        tensor, updated, steps = self._found(name)
        if steps:
            return self._after(tensor, steps, name.endswith(" of the weights"))
        try:
            return self._now(tensor, updated)
        except NotFiniteError as error:
            raise no_value(self.derivation, self.point) or error from None

    def _now(self, tensor: Tensor, updated: bool) -> tuple[Expr, ...]:
        """Return the entries of a tensor, or those of a parameter after one step."""
        entries = self._entries(tensor)
        if not updated:
            return tuple(entries)
        of, slopes = self.optimizer, self.derivation.adjoints[tensor.name]
        at = tensor.positions()
        moved = [of.first(tensor.symbol(p), slopes.symbol(p), self.rate) for p in at]
        return tuple(map(self.point.value, moved))

    def _found(self, name: str) -> tuple[Tensor, bool, int]:
        """Return the tensor of a name, whether it is updated, and after how many steps."""
        every = self.derivation.network.tensors
        tensors = {name: t for name, t in every.items() if t.role != "position"}
        if match := _STEPS.fullmatch(name):
            self._check_rate(name)
            return _named(match[1], tensors), False, self._checked_steps(int(match[2]))
        if name.startswith(_UPDATED):
            self._check_rate(name)
            learned = {t.name: t for t in self.derivation.network.parameters}
            return _named(name.removeprefix(_UPDATED), learned), True, 0
        of_tensors = self.derivation.adjoints.items()
        gradients = {f"{GRADIENT}{of}": adjoint for of, adjoint in of_tensors}
        routings = {routing.tensor.name: routing.tensor for routing in self.derivation.routings}
        return _named(name, {**tensors, **gradients, **routings}), False, 0

    def _entries(self, tensor: Tensor) -> Array:
        numbers = [self.point.put_in(tensor[position]) for position in tensor.positions()]
        return np.array(numbers, dtype=object)

    def _after(self, tensor: Tensor, steps: int, weights_alone: bool) -> tuple[Expr, ...]:
        """Take the steps in floats, each from where the one before led."""
        from symcnn.programs.lambdify import lambdify  # most quantities need no program

        program, rate = lambdify(self.derivation), float(self.rate or 0)
        network = self.derivation.network
        learned = network.parameters_named("weight") if weights_alone else network.parameters
        moving = {name: np.array(entries, dtype=float) for name, entries in self.values.items()}
        descent = Steps(self.optimizer)
        for _ in range(steps):
            slopes = self._finite(program, moving).gradients
            with np.errstate(all="ignore"):
                moved = descent.take(
                    moving, {t.name: slopes[t.name].ravel() for t in learned}, rate
                )
            check_step(moved)
            moving |= moved
        end = self._finite(program, moving)
        reached = {**moving, **end.outputs, "loss": np.array(end.loss)}
        if tensor.name not in reached:
            raise SymcnnError(f"{tensor.name} has no value after steps: name a layer's output")
        return tuple(Float(value) for value in reached[tensor.name].ravel().tolist())

    def _finite(self, program: Program, values: Mapping[str, Array]) -> Evaluation:
        """Evaluate during a descent."""
        with np.errstate(all="ignore"), suppress(NotFiniteError):
            made = program(values)
            if np.isfinite(made.loss):
                return made
        raise not_finite(self.derivation, values, remedies=AFTER_A_STEP)

    def _check_rate(self, name: str) -> None:
        if self.rate is None:
            raise SymcnnError(f"{shown(name)} needs a learning rate: give one under [training]")

    def _checked_steps(self, steps: int) -> int:
        equations = self.derivation.network.equations
        terms = sum(equation.terms for equation in equations)
        if steps > limits.DESCENT_STEPS or steps * terms > limits.DESCENT_TERMS:
            raise TooLargeError(f"{steps:,} steps of {terms:,} terms are too many: use fewer steps")
        return steps


def _named(name: str, tensors: dict[str, Tensor]) -> Tensor:
    if name not in tensors:
        raise SymcnnError(f"there is no quantity {shown(name)}: {known(name, list(tensors))}")
    return tensors[name]
