"""The numbers of entries as a forward pass has them, which knows nothing of the derivation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sympy import Symbol

from symcnn.derivation import Derivation


class Passed(Protocol):
    """A forward pass: floats or exact numbers."""

    def value(self, name: str, position: Sequence[int]) -> Any:
        """Return the value of an entry."""

    def derivative(self, name: str, position: Sequence[int]) -> Any:
        """Return the derivative of the loss by an entry."""


class Measured(dict[Any, Any]):
    """The numbers of entries by their symbols, looked up when they are asked for."""

    def __init__(
        self, derivation: Derivation, passed: Passed, number: Callable[[Any], Any]
    ) -> None:
        """Take a pass, and what makes its numbers those that expressions are evaluated in."""
        self._locate, self._passed, self._number = derivation.entries.locate, passed, number
        self._names = {adjoint.name: name for name, adjoint in derivation.adjoints.items()}

    def __missing__(self, symbol: Symbol) -> Any:
        """Look the number of an entry up."""
        tensor, position = self._locate(symbol)
        if tensor.role == "adjoint":
            return self._number(self._passed.derivative(self._names[tensor.name], position))
        return self._number(self._passed.value(tensor.name, position))
