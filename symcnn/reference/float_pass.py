"""A forward pass in floats, or in complex numbers where something is moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from sympy import Indexed, IndexedBase

from symcnn.equations.values import Array
from symcnn.reference.choices import SMALLEST, Kink, Slope, can_jump, jumps
from symcnn.reference.complex_numbers import STEP
from symcnn.reference.interpreter import Kind, evaluate
from symcnn.reference.moving import Moving, moving
from symcnn.reference.passes import Arrays, Pass, Stages, Velocities
from symcnn.reference.windows import Windows

_ROUNDING = 1e-9
"""Two passes in floats differ by less than this, relative to the largest term of a tensor."""


class FloatPass(Pass):
    """Every term is a float, or a complex number where something is moved."""

    def __init__(
        self,
        stages: Stages,
        given: Arrays,
        kind: Kind,
        moved: Arrays | None = None,
        beside: Arrays | None = None,
    ) -> None:
        """Compute every entry, and take another's numbers where they are the same.

        Args:
            stages: What is computed.
            given: The entries of the tensors that are not.
            kind: In which numbers.
            moved: What is added to entries, given or just computed, before they are read.
            beside: What another computation found.
        """
        self._beside, self._sizes = beside or {}, dict[IndexedBase, float]()
        super().__init__(stages, given, kind, moved)

    def _keep(self, base: IndexedBase, array: Array) -> None:
        if base in self._beside:
            array = _taken(self._beside[base], array, self._sizes.get(base, 0.0))
        super()._keep(base, array)

    def terms(self, windows: Windows) -> Array:
        """Return the terms of an equation, and note how large they are."""
        value, base = windows.equation.value, windows.equation.target.base
        terms = _every(windows, evaluate(value, self._reads(windows), self.kind))
        largest = float(np.max(np.abs(np.real(terms)), initial=0.0))
        self._sizes[base] = max(largest, self._sizes.get(base, 0.0))
        return terms

    def kinks(self, near: float) -> Iterator[Kink]:
        """Find the terms whose slope jumps where an entry is, or nearly there."""
        for windows in (w for _, equations in self.stages for w in equations):
            if not can_jump(windows.equation):
                continue
            reads = self._reads(windows)
            slope = self._slopes_at(windows, reads)
            for read, numbers in reads.items():
                around = max(near * self._sizes.get(read.base, 0.0), SMALLEST)
                yield from jumps(windows, read, numbers, around, slope)

    def slopes(self, windows: Windows) -> dict[Indexed, Array]:
        """Take a complex step by one access after the other."""
        reads = self._reads(windows)
        slope = self._slopes_at(windows, reads)
        return {read: slope(read, numbers) for read, numbers in reads.items()}

    def _moved_slopes(self, windows: Windows, velocities: Arrays) -> dict[Indexed, Array]:
        """Take the same steps while everything moves."""
        kind, reads = moving(self.kind), self._reads(windows)
        fast = {read: velocities[read.base][at] for read, at in windows.reads.items()}
        if not any(np.any(velocity) for velocity in fast.values()):
            return {}

        def bent(stepped: Indexed) -> Array:
            steps = {read: 1j * STEP if read == stepped else 0.0 for read in reads}
            known = {read: Moving(reads[read] + steps[read], fast[read]) for read in reads}
            velocity = evaluate(windows.equation.value, known, kind).velocity
            return _every(windows, np.imag(velocity)) / STEP

        return {read: bent(read) for read in reads}

    def velocities_of_terms(self, windows: Windows, moved: Velocities, kind: Kind) -> Array:
        """Return how fast every term moves with what it reads."""
        reads = self._reads(windows)
        known = {read: Moving(numbers, moved[read]) for read, numbers in reads.items()}
        velocity = evaluate(windows.equation.value, known, kind).velocity
        return _every(windows, np.real(velocity))

    def _slopes_at(self, windows: Windows, reads: Mapping[Indexed, Array]) -> Slope:
        """Return what takes a complex step by one access, at numbers of its own."""

        def slope(read: Indexed, numbers: Array) -> Array:
            stepped = {**reads, read: numbers + 1j * STEP}
            terms = evaluate(windows.equation.value, stepped, self.kind)
            return _every(windows, terms).imag / STEP

        return slope


def _taken(beside: Array, array: Array, size: float) -> Array:
    """Return another's real parts where they differ by the rounding of terms of some size."""
    real = np.real(array)
    same = np.abs(real - beside) <= _ROUNDING * size
    return np.where(same, array - real + beside, array)


def _every(windows: Windows, terms: Array) -> Array:
    """Return a term for every assignment; a constant is the same in all."""
    if np.shape(terms)[-1:] == (windows.count,):
        return terms
    return np.broadcast_to(terms, np.broadcast_shapes(np.shape(terms), (windows.count,)))
