"""The forward pass in floats, naively and independently: for checking everything else.

Nothing is shared with the programs of ``lambdify`` but the identities that spare the
logarithm of what underflows (``equations/logarithms``). There are two derivatives. One
moves an entry by an imaginary step and computes everything again with complex numbers,

    dL/dT[p]  =  Im L(T[p] + i h) / h,     h = 2^-600,

which has no cancellation: it is exact to rounding (Squire and Trapp, "Using complex
variables to estimate derivatives of real functions", 1998). The other takes such steps
term by term and adds up the paths to the loss, for all entries at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property, partial, reduce
from math import erf
from operator import mul
from typing import Any

import numpy as np
from sympy import Dummy, Expr, Indexed, IndexedBase, exp

from symcnn.equations import Equation, Group, Tensor, entry_at, grouped
from symcnn.equations.formulas import Formulas, without_logarithms
from symcnn.equations.functions import (
    ELEMENTARY,
    DefinedFunction,
    Iverson,
    maximum,
    sigmoid,
    softplus,
)
from symcnn.equations.rewriting import Shifts
from symcnn.equations.values import Array, Values, float_array, required
from symcnn.errors import SymcnnError
from symcnn.reference.choices import SMALLEST, Choice, Kink, Slope, can_jump, choices, jumps
from symcnn.reference.interpreter import Kind, Lazy, evaluate
from symcnn.reference.passes import (
    Along,
    Arrays,
    HasEquations,
    Pass,
    Stages,
    Tie,
    Velocities,
    stages_of,
)
from symcnn.reference.windows import Moving, Windows, definition, moving

# NumPy's floats, and complex numbers whose imaginary part is a small step.


STEP = 2.0**-600
"""The h of the complex step. Its square is 0 in floats, so that no product (a + i h)(b + i h)
moves a real part off a kink; to divide by a power of 2 rounds nothing."""


def complex_numbers(slack: float = 0.0) -> Kind:
    """Return floats as a kind of number.

    Args:
        slack: Numbers that are no further apart than this, relative to their size, are
            equal: ties of exact numbers are seldom ties of floats.
    """

    def order(a: Any, b: Any) -> Any:
        a, b = np.real(a), np.real(b)
        near = slack * np.maximum(np.abs(a), np.abs(b)) if slack else 0.0
        return np.subtract(a > b + near, a < b - near, dtype=int)

    return Kind(
        float, np.exp, np.log, _power, order, _choose, _larger, _largest, _function, _definition
    )


def _power(base: Any, exponent: Fraction) -> Any:
    if exponent.denominator > 1:
        return np.power(base, float(exponent))
    # Repeated products: NumPy's complex power goes through logarithms.
    power = reduce(mul, [base] * abs(exponent.numerator), 1.0)
    return power if exponent > 0 else np.divide(1, power)  # infinite where Python's floats raise


def _choose(holds: Any, one: Lazy, other: Lazy) -> Any:
    return np.where(holds, one(), other())


def _larger(a: Any, b: Any) -> Any:
    return np.maximum(np.real(a), np.real(b))


def _largest(terms: Any, starts: Any) -> Any:
    return np.maximum.reduceat(np.real(terms), starts, axis=-1)


def _function(name: str) -> Callable[[Any], Any] | None:
    row = ELEMENTARY.get(name)
    return _OWN.get(name) or getattr(np, row.numpy if row else "", None)


@cache
def _definition(function: type[DefinedFunction]) -> tuple[Dummy, Expr]:
    """Return a definition in which nothing overflows."""
    if function is sigmoid:
        e = exp(-maximum(-_Z, _Z))  # e to the -|z|
        return _Z, (Iverson(_Z > 0) + e * Iverson(_Z <= 0)) / (1 + e)
    if function is softplus:
        return definition(softplus)
    return _Z, function.definition(_Z)


def _error_function(z: Any) -> Any:
    """Return erf(x) + i y erf'(x), which is erf(x + i y) where y^2 is below rounding."""
    real = np.vectorize(erf, otypes=[float])(np.real(z))
    if not np.iscomplexobj(z):
        return real
    return real + 1j * np.imag(z) * 2 / np.sqrt(np.pi) * np.exp(-(np.real(z) ** 2))


def _log1p(z: Any) -> Any:
    """Return log(1 + x) + i y / (1 + x): NumPy's own of complex numbers has no digit near 0."""
    real = np.log1p(np.real(z))
    return real + 1j * np.imag(z) / (1 + np.real(z)) if np.iscomplexobj(z) else real


_OWN = {"erf": _error_function, "log1p": _log1p, "floor": lambda z: np.floor(np.real(z))}

_Z = Dummy("z", real=True)

FLOATS = complex_numbers()

PERTURBED = replace(FLOATS, number=lambda number: float(number) * (1 + 2.0**-48))
"""Floats in which the constants of formulas are a few roundings larger than they are."""


# A forward pass in floats, or in complex numbers where something is moved.


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


Entry = tuple[str, tuple[int, ...]]
"""A tensor by its name, and a position in it."""

_unwarned = partial(np.errstate, all="ignore")

_TERMS_AT_ONCE, _KEPT_AT_ONCE = 2**21, 2**23
"""All directions of one complex step have so many terms, and entries: some hundred megabytes."""


class Forward:
    """The forward pass of a network at given numbers.

    What overflows is infinite and what has no value is nan, without NumPy's warnings: it may
    stand in a case that is not taken, and if it does not, whoever reads it sees it.

    Attributes:
        method: How ``complex_steps`` measures.
    """

    method = "complex step, h = 2^-600"

    def __init__(
        self,
        network: HasEquations,
        values: Values,
        beside: Mapping[str, Array] | None = None,
        kind: Kind = FLOATS,
        like: Forward | None = None,
    ) -> None:
        """Take the numbers by tensor name; nothing is computed yet.

        Args:
            network: What is evaluated.
            values: Numbers by tensor name.
            beside: Values of some tensors from another computation. Where they agree except for
                rounding, derivatives are taken at these values, so that a kink or a tie is
                approached from the same side.
            kind: In which floats.
            like: Another pass through the same network: where its terms stand is known there.
        """
        self._network, self._kind = network, kind
        bases = {name: network.tensors[name].base for name in beside or {}}
        self._beside = {bases[name]: np.ravel(a) for name, a in (beside or {}).items()}
        given = [t for t in network.tensors.values() if t.is_given]
        required(values, given)
        self._windows: Callable[[Equation], Windows] = like._windows if like else cache(Windows)
        self._given = {t.base: float_array(values[t.name], t).ravel() for t in given}

    def at(self, values: Values) -> Forward:
        """Return the pass of the same network at other numbers."""
        return Forward(self._network, values, like=self)

    @cached_property
    def values(self) -> dict[str, Array]:
        """The values of every tensor, given or computed, by name."""
        with _unwarned():
            return self._by_name(self._plain_pass)

    @cached_property
    def joint_values(self) -> dict[str, Array]:
        """The same, each computed from what is beside it: there no rounding adds up."""
        with _unwarned():
            return self._by_name(self._pass)

    @property
    def outputs(self) -> dict[str, Array]:
        """Every layer's output, and the loss, by name."""
        computed = (t for t in self._network.tensors.values() if t.role in ("hidden", "loss"))
        return {tensor.name: self.values[tensor.name] for tensor in computed}

    @property
    def terms(self) -> int:
        """The number of terms that one pass computes."""
        return sum(windows.count for _, equations in self._stages for windows in equations)

    def derivative(self, name: str, position: Sequence[int]) -> float:
        """Return dL/dT[position]; T may be any tensor but the loss.

        A hidden entry is moved after it was computed, and everything that reads it sees it.

        Raises:
            SymcnnError: If there is no such tensor or entry.
        """
        tensor = self._tensor(name)
        return float(self.derivatives(name)[tensor.checked(position)])

    def derivatives(self, name: str) -> Array:
        """Return dL/dT, in the layout of T."""
        tensor = self._tensor(name)
        with _unwarned():
            passed = self._pass if tensor.is_given else self._textbook_pass
            return passed.derivatives[tensor.base].reshape(tensor.shape)

    def found(self, name: str) -> Array:
        """Return the values of a tensor in row-major order."""
        return np.ravel(self.values[name])

    def slopes(self, name: str) -> Array:
        """Return dL/dT for every entry of a tensor."""
        tensor = self._tensor(name)
        with _unwarned():
            passed = self._pass if tensor.is_given else self._textbook_pass
            return passed.derivatives[tensor.base]

    def value(self, name: str, position: Sequence[int]) -> float:
        """Return the value of an entry."""
        return float(self.values[name][position])

    def ties(self, near: float) -> Iterator[Tie]:
        """Find the maxima that more than one term attains, or nearly so.

        Args:
            near: How far apart they may be, relative to their size.
        """
        with _unwarned():
            return iter([*self._plain_pass.ties(complex_numbers(near))])

    def kinks(self, near: float) -> Iterator[Kink]:
        """Find the terms whose slope jumps where an entry is, or nearly there.

        Args:
            near: How far the jump may be from a computed entry, relative to the largest term
                of its tensor; a given entry is where it is.
        """
        with _unwarned():
            return iter([*self._plain_pass.kinks(near)])

    def choices(self, near: float) -> list[Choice]:
        """Find where there is no derivative and one is chosen.

        Args:
            near: How far apart terms may be, relative to their size, that count as equal.
        """
        with _unwarned():
            return [*choices(self._textbook_pass, complex_numbers(near))]

    def departure(self, moved: Values) -> float:
        """Return how fast the loss begins to move when given tensors' entries do.

        Args:
            moved: Their velocities, by name.
        """
        fast = {self._tensor(name).base: np.ravel(array) for name, array in moved.items()}
        with _unwarned():
            return float(self._pass.departures(fast)[self._network.loss_tensor.base][0])

    def complex_steps(self, entries: Sequence[Entry]) -> list[float]:
        """Return derivatives with respect to entries, each of which alone is moved in a pass."""
        are_given = (self._tensor(name).is_given for name, _ in entries)
        stages = self._stages if all(are_given) else self._textbook
        largest = max((1, *(w.count for _, equations in stages for w in equations)))
        kept = sum(tensor.size for tensor in self._network.tensors.values())
        step = max(1, min(_TERMS_AT_ONCE // largest, _KEPT_AT_ONCE // kept))
        chunks = (entries[first : first + step] for first in range(0, len(entries), step))
        return [slope for chunk in chunks for slope in self._stepped(stages, chunk)]

    def _stepped(self, stages: Stages, entries: Sequence[Entry]) -> list[float]:
        """Move every entry in a direction of its own."""
        moved: dict[IndexedBase, Array] = {}
        for direction, (name, position) in enumerate(entries):
            tensor = self._tensor(name)
            steps = moved.setdefault(tensor.base, np.zeros((len(entries), tensor.size), complex))
            steps[direction, entry_at(tensor.checked(position), tensor.shape)] = 1j * STEP
        with _unwarned():
            made = FloatPass(stages, self._given, self._kind, moved, self._beside)
        loss = made.values[self._network.loss_tensor.base]
        return [float(slope) / STEP for slope in np.broadcast_to(loss[..., 0], len(entries)).imag]

    @cached_property
    def _plain_pass(self) -> FloatPass:
        """The pass that no other has a part in."""
        return self._passed(self._stages) if self._beside else self._pass

    @cached_property
    def _pass(self) -> FloatPass:
        return self._passed(self._stages, self._beside)

    def along(self, name: str, position: Sequence[int]) -> Along:
        """Return how everything moves with an entry of what is given."""
        with _unwarned():
            return Along(self._textbook_pass, self._network.tensors, name, position)

    @cached_property
    def _textbook_pass(self) -> Pass:
        same = self._textbook == self._stages
        return self._pass if same else self._passed(self._textbook, self._beside)

    def _by_name(self, made: Pass) -> dict[str, Array]:
        tensors = self._network.tensors.values()
        return {t.name: made.values[t.base].reshape(t.shape) for t in tensors}

    def _passed(self, stages: Stages, beside: Arrays | None = None) -> FloatPass:
        return FloatPass(stages, self._given, self._kind, None, beside)

    @cached_property
    def _groups(self) -> list[Group]:
        tensors = {tensor.base: tensor for tensor in self._network.tensors.values()}
        return [(tensors[base], group) for base, group in grouped(self._network.equations)]

    @cached_property
    def _stages(self) -> Stages:
        """The equations without logarithms of what can underflow."""
        groups = Shifts(saturated=True).applied(without_logarithms(self._groups, Formulas()))
        return stages_of(groups, self._windows)

    @cached_property
    def _textbook(self) -> Stages:
        """The equations as they are: an entry that others see through is read by them too."""
        return stages_of(self._groups, self._windows)

    def _tensor(self, name: str) -> Tensor:
        if name not in self._network.tensors:
            raise SymcnnError(f"there is no tensor {name!r}")
        return self._network.tensors[name]


def forward(network: HasEquations, values: Values) -> dict[str, Array]:
    """Return every layer's output, and the loss, by name."""
    return Forward(network, values).outputs


def complex_step(
    network: HasEquations, values: Values, name: str, position: Sequence[int]
) -> float:
    """Return dL/dT[position] by complex step on the forward pass; T is not the loss."""
    (slope,) = Forward(network, values).complex_steps([(name, tuple(position))])
    return slope
