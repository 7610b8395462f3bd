"""The numbers of entries as a forward pass has them, which knows nothing of the derivation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Symbol

from symcnn.derivation import Derivation
from symcnn.reference import ExactForward, Forward


class Measured(dict[Any, Any]):
    """The numbers of entries by their symbols, looked up when they are asked for."""

    def __init__(
        self,
        derivation: Derivation,
        passed: Forward | ExactForward,
        number: Callable[[Any], Any],
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
