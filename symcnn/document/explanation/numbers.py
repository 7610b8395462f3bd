"""A problem's own numbers: what a document prints and is checked against, each made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Expr, Float, IndexedBase, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.derivation.entries import Place
from symcnn.derivation.float_values import Computed
from symcnn.derivation.jacobians import Sensitivity
from symcnn.document.facts.given import Chosen
from symcnn.equations import Tensor, position_of
from symcnn.equations.values import Evaluation, Values
from symcnn.equations.values.evaluation import Array
from symcnn.errors import NotFiniteError
from symcnn.problems import Problem
from symcnn.problems.evaluation import KINKED, TIED, floats, is_small
from symcnn.programs.computing import computed
from symcnn.reference import Choice, ExactForward, Forward, LocalForward
from symcnn.reference.enclosures import certainly

if TYPE_CHECKING:
    from symcnn.programs.program import Program

Locate = Callable[[Symbol], Place]
"""What finds the tensor and the position of an entry by its symbol."""


@dataclass(frozen=True)
class Numbers:
    """The values of all entries at a problem's numbers."""

    problem: Problem

    @cached_property
    def are_exact(self) -> bool:
        """Whether the network is small enough to work every entry out exactly."""
        return is_small(self.problem.derivation)

    @cached_property
    def are_local(self) -> bool:
        """Whether the network is so large that entries are measured one at a time."""
        return self.problem.network.terms > limits.MEASURED_TERMS

    @cached_property
    def forward(self) -> Forward | LocalForward:
        """What measures values and derivatives, and knows nothing of the derivation."""
        if self.are_local:
            return LocalForward(
                self.problem.network, self.problem.values, self._computed, self._loss
            )
        return Forward(self.problem.network, self.problem.values, self._outputs)

    @cached_property
    def are_smooth(self) -> bool:
        """Whether no maximum is tied and no function is at a kink, or nearly so."""
        near = chain(self.forward.ties(TIED), self.forward.kinks(KINKED))
        return next(near, None) is None

    @property
    def _outputs(self) -> dict[str, Array]:
        """Every layer's output, for the sides on which kinks are met."""
        if not self.are_exact:
            return self.evaluation.outputs
        tensors = self.problem.network.tensors.values()
        hidden = [tensor for tensor in tensors if tensor.role == "hidden"]
        return {t.name: floats(self._array(t)) for t in hidden}

    def _array(self, tensor: Tensor) -> Array:
        """Return the values of a tensor's entries, flat."""
        numbers = [self.value(tensor.symbol(position)) for position in tensor.positions()]
        return np.array(numbers, dtype=object)

    @cached_property
    def program(self) -> Program:
        """The derivation as a program."""
        from symcnn.programs.lambdify import lambdify  # exact numbers need no program

        return lambdify(self.problem.derivation)

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the program gives: finite numbers."""
        return self._computed(self.problem.values)

    def _computed(self, values: Values) -> Evaluation:
        return computed(self.program, self.problem.derivation, values)

    @cached_property
    def _loss(self) -> Callable[[Values], float]:
        """The loss at other numbers."""
        from symcnn.programs.plans.plan import plan_of
        from symcnn.programs.program import program_of

        derivation = self.problem.derivation
        program = program_of(plan_of(derivation, "loss"), "auto")
        return lambda values: computed(program, derivation, values).loss

    @cached_property
    def value(self) -> Callable[[Expr], Expr]:
        """The value of any expression of entries: 50 digits, or a float in large networks."""
        exact, derivation = self.problem.point.value, self.problem.derivation
        if self.are_exact:
            return exact
        computed = self._floats

        def value(expression: Expr) -> Expr:
            read = [derivation.entries.locate(symbol)[0] for symbol in expression.free_symbols]
            if all(tensor.is_given for tensor in read):
                return exact(expression)
            return Float(_finite(computed.number(expression)))

        return value

    @cached_property
    def _floats(self) -> Computed:
        values = self.forward.joint_values | self.evaluation.outputs
        derivation = self.problem.derivation
        # Measured slopes: those of the program are products such as 1 - tanh^2, which cancel.
        slopes = {name: self.forward.derivatives(name) for name in derivation.adjoints}
        return Computed(derivation, values, slopes)

    @property
    def arrays(self) -> Mapping[str, Array]:
        """The floats of all tensors by their names; none where entries are worked out exactly."""
        return {} if self.are_exact else self._floats.arrays

    def slopes(self, name: str) -> Array:
        """Return the derivatives with respect to a tensor, flat: SymPy's numbers, or floats."""
        if not self.are_exact:
            return self.evaluation.gradients[name].ravel()
        return self._array(self.problem.derivation.adjoints[name])


def _finite(number: float) -> float:
    if not isfinite(number):
        raise NotFiniteError(
            "a term to be worked out has no value in floating point, such as 0 times the logarithm "
            "of a probability that is too small for it: use smaller weights"
        )
    return number


class Measured(dict[Any, Any]):
    """The numbers of entries by their symbols, as a forward pass has them.

    It knows nothing of the derivation; they are looked up when they are asked for.
    """

    def __init__(
        self,
        derivation: Derivation,
        passed: Forward | LocalForward | ExactForward,
        number: Callable[[Any], Any],
        locate: Locate | None = None,
    ) -> None:
        """Take a pass, and what makes its numbers those that expressions are evaluated in."""
        self._locate, self._passed = locate or derivation.entries.locate, passed
        self._network, self._number = derivation.network, number
        self._names = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}
        self._along = cache(passed.along)

    def __missing__(self, symbol: Symbol) -> Any:
        """Look the number of an entry up."""
        tensor, position = self._locate(symbol)
        if isinstance(tensor, Sensitivity):
            return self._moved(tensor, position)
        if tensor.role == "adjoint":
            return self._number(self._passed.derivative(self._names[tensor.name], position))
        return self._number(self._passed.value(tensor.name, position))

    def _moved(self, tensor: Sensitivity, position: tuple[int, ...]) -> Any:
        """Return how an entry, or a derivative with respect to it, moves with another entry."""
        axes = len(self._network.tensors[tensor.of].shape)
        along, output = self._along(tensor.by, position[axes:]), self._network.output.name
        return along.second(tensor.kind, tensor.of, position[:axes], output)


def chosen(numbers: Numbers) -> tuple[Chosen, ...]:
    """Find what is chosen, and which derivatives other choices change."""
    return () if numbers.are_smooth else tuple(_chosen(numbers, _found(numbers)))


def _found(numbers: Numbers) -> list[Choice]:
    """Look in exact numbers, or in floats where the network is too large for them."""
    problem = numbers.problem
    if numbers.are_exact:
        values = problem.values
        return certainly(lambda digits: [*ExactForward(problem.network, values, digits).choices()])
    return numbers.forward.choices(TIED)


def _chosen(numbers: Numbers, found: Iterable[Choice]) -> Iterator[Chosen]:
    tensors = numbers.problem.derivation.tensors

    def at(base: IndexedBase, entries: Iterable[int]) -> list[tuple[int, ...]]:
        return [position_of(entry, tensors[base].shape) for entry in entries]

    for choice in found:
        base = choice.equation.target.base
        changed = {tensors[of].name: at(of, own) for of, own in choice.changed.items()}
        read = None if choice.read is None else choice.read.base
        argument = "" if read is None else tensors[read].name
        places = [] if read is None else at(read, choice.places)
        yield Chosen(tensors[base].name, at(base, choice.entries), argument, places, changed)
