"""Parameters that are another layer's: as they are, or the weight alone with its axes permuted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Indexed

from symcnn.equations import Equation, Tensor
from symcnn.equations.notation import Shape, dimensions
from symcnn.errors import SymcnnError
from symcnn.network.layers.layer import Layer

WEIGHT = "weight"
"""The parameter that is shared with its axes in another order."""

_LOCAL = "\N{DOUBLE PRIME}"


def is_shared(layer: Layer, key: str) -> bool:
    """Tell whether a parameter of a layer is that of another."""
    return layer.weight_from is not None and (layer.weight_axes is None or key == WEIGHT)


@dataclass(frozen=True)
class Tied:
    """A weight that is another layer's, read with its axes in another order.

        w[i, j] = v[j, i]  with the axes (1, 0);   w[0, c, k] = v[k, c]  with (-1, 1, 0)

    Attributes:
        other: The other layer's weight v.
        own: The weight w as the layer writes it, which no equation has in the end.
        axes: For each axis of w the axis of v, or -1 for one of length 1.
    """

    other: Tensor
    own: Tensor
    axes: tuple[int, ...]

    def read(self, equations: Sequence[Equation]) -> tuple[Equation, ...]:
        """Return equations that read v in the place of w."""
        return tuple(map(self._read, equations))

    def _read(self, equation: Equation) -> Equation:
        found = (a for a in equation.value.atoms(Indexed) if a.base == self.own.base)
        places = {entry: self._entry(entry) for entry in found}
        if not places:
            return equation
        value, guards = equation.value.xreplace(places), equation.guards
        parts = (value, equation.target, *(guard.expression for guard in guards))
        used = {symbol for part in parts for symbol in part.free_symbols}
        loops = tuple(loop for loop in equation.loops if loop.symbol in used or loop.size != 1)
        return replace(equation, value=value, loops=loops)

    def _entry(self, entry: Indexed) -> Indexed:
        at = dict(zip(self.axes, entry.indices, strict=True))
        return self.other[tuple(at.get(axis, 0) for axis in range(len(self.other.shape)))]


def tied(layer: Layer, shape: Shape, letters: Sequence[str], other: Tensor) -> Tied:
    """Return the weight of a layer that is another's.

    Raises:
        SymcnnError: If the axes of one are not those of the other.
    """
    axes = tuple(layer.weight_axes or ())
    named = [axis for axis in axes if axis != -1]
    left = [n for axis, n in enumerate(other.shape) if axis not in named]
    made = [1 if axis == -1 else other.shape[axis] for axis in axes if axis < len(other.shape)]
    once = len(named) == len({*named}) and min(axes, default=0) >= -1
    if not once or made != [*shape] or any(n != 1 for n in left):
        raise SymcnnError(
            f"weight_axes = {[*axes]} does not make {dimensions(shape)} of the weight of "
            f"{layer.weight_from}, {dimensions(other.shape)}: give for each axis the other's, or -1"
        )
    label = other.label + _LOCAL
    return Tied(other, Tensor(other.name, shape, "parameter", label, tuple(letters)), axes)
