"""The derivatives with respect to all weights, of which documents say what there is to be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sympy import Expr, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.reference.enclosures import to_decimal

TINY = Decimal("1e-12")
"""A derivative that is no larger may be what rounding has left of 0."""


@dataclass(frozen=True)
class Slopes:
    """Every weight with its derivative."""

    derivation: Derivation
    value: Callable[[Expr], Expr]
    learned: Sequence[Tensor]

    @cached_property
    def parameters(self) -> list[Tensor]:
        """These tensors; none where their entries are too many to be looked at."""
        if sum(tensor.size for tensor in self.learned) > limits.ALL_WORKED_ENTRIES:
            return []
        return [tensor for tensor in self.learned if tensor.name in self.derivation.adjoints]

    def of(self, tensor: Tensor) -> list[tuple[Symbol, Symbol]]:
        """Return the entries of a parameter, each with its derivative."""
        adjoint = self.derivation.adjoints[tensor.name]
        return [(tensor.symbol(p), adjoint.symbol(p)) for p in tensor.positions()]

    @cached_property
    def pairs(self) -> list[tuple[Symbol, Symbol]]:
        """All weights, each with its derivative."""
        return [pair for tensor in self.parameters for pair in self.of(tensor)]

    @cached_property
    def values(self) -> list[Expr]:
        """The values of all derivatives."""
        return [self.value(slope) for _, slope in self.pairs]

    @cached_property
    def zeros(self) -> list[tuple[Symbol, Symbol]]:
        """The weights whose derivatives are 0."""
        pairs = zip(self.pairs, self.values, strict=True)
        return [pair for pair, value in pairs if value.is_zero]

    @cached_property
    def are_tiny(self) -> bool:
        """Whether no derivative is larger than what rounding may have left of 0."""
        return bool(self.values) and all(abs(to_decimal(v)) <= TINY for v in self.values)
