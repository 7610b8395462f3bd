"""A problem: a network with its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Expr

from symcnn.derivation import Derivation, Point, derive
from symcnn.equations import Tensor
from symcnn.errors import SymcnnError, shown
from symcnn.network import Network
from symcnn.values import Values, exact, exact_entries, known, required


@dataclass(frozen=True)
class Fault:
    """One fault of a source.

    Attributes:
        text: What was done, and what is right; formulas stand between dollar signs.
        printed: The quantity of the published computation that shows it, such as
            "conv1" or "gradient of dense1.weight" (see ``Problem.quantity``); empty if
            the source has none.
        right: The quantity of the right computation that belongs in its place.
    """

    text: str
    printed: str
    right: str


@dataclass(frozen=True)
class Reconciliation:
    """What a source printed, beside what is right.

    Attributes:
        title: The heading of the section.
        published: The problem as the source computed it; None for the one at hand.
        right: The problem as it is meant; None for the one at hand.
        quantities: What the source printed, by name (see ``Problem.quantity``).
        faults: What went wrong, one fault after the other.
    """

    title: str
    published: Problem | None
    right: Problem | None
    quantities: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Problem:
    """A network, the numbers for its input, parameters and target, and a title.

    Attributes:
        network: The network.
        values: Numbers by the tensors' names, in the layouts of the tensors, nested or
            flat; they are kept as exact rationals in row-major order.
        title: What documents are headed with.
        learning_rate: The step of gradient descent; None leaves updated weights out.
        reconciliation: What to set right in the source that the problem comes from.
    """

    network: Network
    values: Values
    title: str = "A convolutional network"
    learning_rate: Any = None
    reconciliation: Reconciliation | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check that all numbers are there and fit."""
        given = self._given
        required(self.values, given)
        numbers = {t.name: tuple(exact_entries(self.values[t.name], t)) for t in given}
        if (target := self.network.target) is not None:
            self.network.loss.check(numbers[target.name], target.shape)
        object.__setattr__(self, "values", numbers)
        if self.learning_rate is not None:
            rate = exact(self.learning_rate, "the learning rate")
            if rate <= 0:
                raise SymcnnError(f"the learning rate is {rate}: a positive number is needed")
            object.__setattr__(self, "learning_rate", rate)

    @cached_property
    def derivation(self) -> Derivation:
        """The derivation of the network."""
        return derive(self.network)

    @cached_property
    def point(self) -> Point:
        """The values of all entries at the problem's numbers, to 50 digits."""
        return self.derivation.at(self.values)

    def quantity(self, name: str) -> tuple[Expr, ...]:
        """Return the entries of a quantity at the problem's numbers, in row-major order.

        Args:
            name: A tensor, "conv1"; the loss's derivative by one, "gradient of conv1"; or
                who answers for a maximum, "routing of pool1".
        """
        tensor = self._tensor(name)
        return tuple(self.point.put_in(tensor[position]) for position in tensor.positions())

    def _tensor(self, name: str) -> Tensor:
        tensors, adjoints = self.network.tensors, self.derivation.adjoints
        named = {
            **tensors,
            **{f"gradient of {of}": adjoint for of, adjoint in adjoints.items()},
            **{routing.tensor.name: routing.tensor for routing in self.derivation.routings},
        }
        if name not in named:
            raise SymcnnError(f"there is no quantity {shown(name)}: {known(name, list(named))}")
        return named[name]

    @property
    def _given(self) -> list[Tensor]:
        tensors = self.network.tensors.values()
        return [t for t in tensors if t.role in ("input", "parameter", "target")]
