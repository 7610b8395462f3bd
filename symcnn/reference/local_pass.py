"""Single entries of a large network, measured at the numbers that a program computed.

    y[p]  =  REDUCE over the terms that lead to p,
    dL/dx[p]  =  sum over the terms that read x[p] of dL/dy[q] dy[q]/dx[p]

An entry is measured from its own equation and the entries beside it, and a derivative from the
equations that read the entry and the derivatives of what they make: slopes are complex steps.
What holds at every entry holds for the network, one equation after the other; here it is
measured where somebody asks, in time and memory that do not depend on how large an image is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

import numpy as np
from sympy import Indexed, IndexedBase

from symcnn.equations import Equation, Tensor, accesses, entry_at, grouped, is_maximum, meeting
from symcnn.equations.selected import Selected
from symcnn.equations.values import Array
from symcnn.reference.complex_numbers import FLOATS
from symcnn.reference.float_pass import FloatPass
from symcnn.reference.kinks import can_jump
from symcnn.reference.passes import Arrays, HasEquations, stages_of
from symcnn.reference.windows import Windows


class LocalPass(FloatPass):
    """A pass whose tensors are known but for a few, which follow from them.

    Its stages are the maxima and the functions with kinks, where ties and kinks are looked for.
    """

    def __init__(self, network: HasEquations, values: Arrays, gradients: Arrays) -> None:
        """Compute what is not known: statistics, sums of exponentials and the like.

        Args:
            network: What is evaluated.
            values: The entries of tensors, flat, by their bases.
            gradients: The derivatives of the loss with respect to them.
        """
        tensors = {tensor.base: tensor for tensor in network.tensors.values()}
        self._equations = network.equations
        self._known = gradients
        groups = [(tensors[base], equations) for base, equations in grouped(self._equations)]
        missing = [(tensor, made) for tensor, made in groups if tensor.base not in values]
        super().__init__(stages_of(missing), values, FLOATS)
        self._sizes |= {base: float(np.max(np.abs(array))) for base, array in values.items()}
        jumping = [(t, tuple(e for e in made if _may_jump(e))) for t, made in groups]
        self.stages = stages_of([(tensor, made) for tensor, made in jumping if made])
        self.gradient = cache(self._gradient)

    def value(self, tensor: Tensor, position: Sequence[int]) -> float:
        """Return an entry by its own equations."""
        entry = np.array([entry_at(position, tensor.shape)])
        if tensor.is_given:
            return float(np.real(self.values[tensor.base][entry[0]]))
        return sum(self._result(made, entry) for made in self._of(tensor.base))

    def derivative(self, tensor: Tensor, position: Sequence[int]) -> float:
        """Return the derivative with respect to an entry by the equations that read it."""
        entry = entry_at(position, tensor.shape)
        return sum(self._share(made, read, entry) for made, read in self._reading(tensor.base))

    def _result(self, equation: Equation, entry: Array) -> float:
        """Return what an equation adds to an entry of its target."""
        windows = _windows(equation, equation.target, entry)
        if windows is None:
            return 0.0
        (made,) = windows.combined(self.terms(windows), self.kind)
        return float(np.real(made))

    def _share(self, equation: Equation, read: Indexed, entry: int) -> float:
        """Return what an entry's derivative gets from an equation that reads it by an access."""
        windows = _windows(equation, read, np.array([entry]))
        if windows is None:
            return 0.0
        if not windows.is_sum():
            windows = _windows(equation, equation.target, windows.entries)
            assert windows is not None  # it holds the terms that were found
        return float(np.sum(self._shares(windows, read)[windows.reads[read] == entry]))

    def _shares(self, windows: Windows, read: Indexed) -> Array:
        """Return what every term gives to the derivative with respect to what it reads."""
        towards = windows.each(self.gradient(windows.equation.target.base)[windows.entries])
        return np.real(towards * self.weights(windows) * self.slopes(windows)[read])

    def _gradient(self, base: IndexedBase) -> Array:
        """Return the derivatives with respect to a tensor, flat."""
        if base in self._known:
            return self._known[base]
        made = np.zeros(self.values[base].size)
        for equation, read in self._reading(base):
            windows = Windows(equation)
            np.add.at(made, windows.reads[read], self._shares(windows, read))
        return made

    def _of(self, base: IndexedBase) -> Iterator[Equation]:
        return (equation for equation in self._equations if equation.target.base == base)

    def _reading(self, base: IndexedBase) -> list[tuple[Equation, Indexed]]:
        """Return every access of a tensor, with its equation."""
        return self._accesses.get(base, [])

    @cached_property
    def _accesses(self) -> Mapping[IndexedBase, list[tuple[Equation, Indexed]]]:
        found: dict[IndexedBase, list[tuple[Equation, Indexed]]] = {}
        for equation in self._equations:
            for read in accesses(equation.value):
                found.setdefault(read.base, []).append((equation, read))
        return found


def _may_jump(equation: Equation) -> bool:
    return is_maximum(equation) or can_jump(equation)


def _windows(equation: Equation, access: Indexed, entries: Array) -> Windows | None:
    """Return the terms in which an access is one of some entries; None if there are none."""
    listed = Selected(equation, meeting(equation, access, entries))
    return Windows(equation, listed) if listed.count else None
