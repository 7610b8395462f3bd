"""The floats of entries by their symbols, as a program has computed them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from symcnn.derivation.derivation import Derivation
from symcnn.equations import Tensor
from symcnn.equations.values.evaluation import Array
from symcnn.equations.values.floats import PERTURBATION
from symcnn.reference import FLOATS, evaluate

_DIRECTIONS = 16
"""Two entries that cancel are moved apart in half of them."""


class Computed(dict[Any, Any]):
    """The floats of entries; they are looked up when they are asked for.

    Attributes:
        arrays: Those of tensors, by their names.
    """

    def __init__(
        self,
        derivation: Derivation,
        values: Mapping[str, Array],
        gradients: Mapping[str, Array],
        others: Callable[[Symbol], float | None] = lambda symbol: None,
    ) -> None:
        """Take what was computed.

        Args:
            derivation: What the entries are of.
            values: The values of tensors.
            gradients: The derivatives with respect to them.
            others: Gives further entries, and None for these.
        """
        self._others = others
        self._entries = derivation.entries
        slopes = {derivation.adjoints[name].name: array for name, array in gradients.items()}
        self.arrays = {**values, **slopes}

    def number(self, expression: Expr) -> float:
        """Return the value of an expression of entries."""
        return float(np.real(evaluate(expression, self, FLOATS)))

    def has(self, tensor: Tensor) -> bool:
        """Tell whether there is an array of a tensor's entries."""
        return tensor.name in self.arrays

    def some(self, tensor: Tensor, entries: Array) -> Array:
        """Return the floats of some entries of a tensor."""
        return np.asarray(np.ravel(self.arrays[tensor.name])[entries])

    def __missing__(self, symbol: Symbol) -> Any:
        """Look the float of an entry up."""
        if (found := self._others(symbol)) is not None:
            return found
        tensor, position = self._entries.locate(symbol)
        if tensor.name in self.arrays:
            return float(self.arrays[tensor.name][position])
        # Programs keep the derivatives with respect to what is computed on the way to themselves.
        formula = self._entries.formula(symbol)
        return 0.0 if formula is None else np.real(evaluate(formula, self, FLOATS))


class Perturbed(Computed):
    """The same, each moved by a few roundings in many directions at once.

    An expression of them takes as many values, and how far these lie apart is about how far
    rounding can move it.
    """

    @cached_property
    def _random(self) -> np.random.Generator:
        return np.random.default_rng(0)

    def some(self, tensor: Tensor, entries: Array) -> Array:
        """Move entries, each in the same direction wherever a sum holds it."""
        different, places = np.unique(entries, return_inverse=True)
        signs = self._random.choice((-1, 1), (_DIRECTIONS, different.size))
        return np.asarray(super().some(tensor, entries) * (1 + PERTURBATION * signs[:, places]))

    def __missing__(self, symbol: Symbol) -> Any:
        """Look the float of an entry up, and move it up or down in every direction."""
        signs = self._random.choice((-1, 1), _DIRECTIONS)
        return super().__missing__(symbol) * (1 + PERTURBATION * signs)
