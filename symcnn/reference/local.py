"""A network that is too large for a naive pass: what is asked for is measured entry by entry.

    y[p]  =  REDUCE over the terms that lead to p,
    dL/dx[p]  =  sum over the terms that read x[p] of dL/dy[q] dy[q]/dx[p]

An entry is measured from its own equation and the entries beside it, at the numbers that a
program computed, and a derivative from the equations that read the entry and the derivatives of
what they make: slopes are complex steps. What holds at every entry holds for the network, one
equation after the other; here it is measured where somebody asks, in time and memory that do not
depend on how large an image is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from math import inf, nan

import numpy as np
from sympy import Indexed, IndexedBase

from symcnn.equations import Equation, Tensor, accesses, entry_at, grouped, is_maximum
from symcnn.equations.values import Array, Evaluation, Values, float_arrays
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.reference.choices import Choice, Kink, can_jump
from symcnn.reference.forward import FLOATS, Entry, FloatPass, complex_numbers
from symcnn.reference.passes import Along, Arrays, HasEquations, Tie, stages_of
from symcnn.reference.windows import Windows, windows_at, windows_at_entry

_STEPS = 1e-6, 1e-7, 1e-8, 1e-9
"""The steps of central differences: short ones lose digits, but meet fewer kinks."""

_SHORT = 1e-8
"""The step of one-sided differences."""

_ALIKE = 1e-9
"""By how much two of them differ at most, relative to 1 or to themselves, that need no third."""


class LocalForward:
    """What ``Forward`` gives, from a program's numbers and each entry's own equations.

    Attributes:
        method: How ``complex_steps`` measures.
        steps: Those of its differences, the longest first.
    """

    steps: Sequence[float] = _STEPS
    method = f"central differences of the loss, h = {_STEPS[0]:g} or less"

    def __init__(
        self,
        network: HasEquations,
        values: Values,
        compute: Callable[[Values], Evaluation],
        loss: Callable[[Values], float],
    ) -> None:
        """Take the numbers.

        Args:
            network: What is evaluated.
            values: Numbers by tensor name.
            compute: Returns all outputs and gradients at such numbers.
            loss: Returns the loss alone.
        """
        self._network, self._compute, self._loss = network, compute, loss
        tensors = [tensor for tensor in network.tensors.values() if tensor.is_given]
        self._given = float_arrays(values, tensors)

    def at(self, values: Values) -> LocalForward:
        """Return the same at other numbers."""
        return LocalForward(self._network, values, self._compute, self._loss)

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the program computes."""
        return self._compute(self._given)

    @cached_property
    def loss(self) -> float:
        """The loss, without what else the program computes."""
        return self._loss(self._given)

    @cached_property
    def joint_values(self) -> dict[str, Array]:
        """The values of every tensor, given or computed, by name."""
        tensors = self._network.tensors.values()
        return {t.name: np.real(self._pass.values[t.base]).reshape(t.shape) for t in tensors}

    @property
    def terms(self) -> int:
        """The number of terms that one pass computes."""
        return int(sum(equation.terms for equation in self._network.equations))

    def value(self, name: str, position: Sequence[int]) -> float:
        """Return the value of an entry, by its own equations."""
        with np.errstate(all="ignore"):
            return self._pass.value(self._network.tensors[name], position)

    def derivative(self, name: str, position: Sequence[int]) -> float:
        """Return dL/dT[position], by the equations that read the entry."""
        with np.errstate(all="ignore"):
            return self._pass.derivative(self._tensor(name), self._tensor(name).checked(position))

    def derivatives(self, name: str) -> Array:
        """Return dL/dT as the program has it, in the layout of T."""
        tensor = self._tensor(name)
        with np.errstate(all="ignore"):
            return self._pass.gradient(tensor.base).reshape(tensor.shape)

    def ties(self, near: float) -> Iterator[Tie]:
        """Find the maxima that more than one term attains, or nearly so."""
        with np.errstate(all="ignore"):
            return iter([*self._pass.ties(complex_numbers(near))])

    def kinks(self, near: float) -> Iterator[Kink]:
        """Find the terms whose slope jumps where an entry is, or nearly there."""
        with np.errstate(all="ignore"):
            return iter([*self._pass.kinks(near)])

    def choices(self, near: float) -> list[Choice]:
        """Return nothing: what other choices change is not followed through a large network."""
        return []

    def complex_steps(self, entries: Sequence[Entry]) -> list[float]:
        """Return derivatives with respect to given entries, by moving each alone."""
        return [self._measured(name, position) for name, position in entries]

    def slope(self, moved: Mapping[str, Array]) -> float:
        """Return how fast the loss moves with given tensors' entries, to both sides.

        It is the difference of two steps that agree, else the one nearest to that of a longer step.
        The entries move with the given velocities, by the tensors' names.
        """
        return self.measured(moved)[0]

    def measured(
        self, moved: Mapping[str, Array], steps: Sequence[float] = _STEPS
    ) -> tuple[float, Sequence[float]]:
        """Return ``slope``, and the steps from the one that it was measured with.

        Args:
            moved: Velocities, by name.
            steps: Those to begin with: where longer ones have met kinks before, they are left out
                as long as the others agree.
        """
        apart, best, last = inf, nan, self._difference(moved, steps[0])
        for number, step in enumerate(steps[1:]):
            long, last = last, self._difference(moved, step)
            if not abs(last - long) >= apart:
                apart, best = abs(last - long), last
            if apart <= _ALIKE * max(1.0, abs(best)):
                return long, steps[number:]  # of two that agree, the longer step has more digits
        return (best, _STEPS) if steps is _STEPS else self.measured(moved)

    def departure(self, moved: Values) -> float:
        """Return how fast the loss begins to move when given tensors' entries do.

        Args:
            moved: Their velocities, by name.
        """
        step = _SHORT
        fast = {name: np.reshape(v, self._given[name].shape) for name, v in moved.items()}
        near = {name: self._given[name] + step * v for name, v in fast.items()}
        return (self._loss({**self._given, **near}) - self.evaluation.loss) / step

    def along(self, name: str, position: Sequence[int]) -> Along:
        """Refuse: how everything moves with one entry is a pass of its own."""
        raise TooLargeError(
            f"the network has {self.terms:,} terms in its forward pass, too many for second "
            "derivatives: use a smaller network, or hessian_vector_product"
        )

    def _measured(self, name: str, position: tuple[int, ...]) -> float:
        """Move one entry, a large one by more: a step below its last digit would not move it."""
        own = self._given[name]
        moved, velocity = np.zeros_like(own), max(1.0, abs(float(own[position])))
        moved[position] = velocity
        return self.slope({name: moved}) / velocity

    def _difference(self, moved: Mapping[str, Array], step: float) -> float:
        """Return (L(w + h v) - L(w - h v)) / 2 h, where 2 h is what floats make of it."""
        high, low, way = {**self._given}, {**self._given}, 0.0
        for name, v in moved.items():
            by, own = step * v, self._given[name]
            high[name], low[name] = own + by, own - by
            np.subtract(high[name], low[name], out=by)
            way += float(np.vdot(v, by))
        rise = self._loss(high) - self._loss(low)
        return rise * sum(float(np.vdot(v, v)) for v in moved.values()) / way

    @cached_property
    def _pass(self) -> LocalPass:
        tensors, made = self._network.tensors, self.evaluation
        loss = {self._network.loss_tensor.name: np.array([made.loss])}
        values = {**self._given, **made.outputs, **loss}
        gradients = {**made.gradients, self._network.loss_tensor.name: np.ones(1)}
        with np.errstate(all="ignore"):
            return LocalPass(self._network, _flat(values, tensors), _flat(gradients, tensors))

    def _tensor(self, name: str) -> Tensor:
        if name not in self._network.tensors:
            raise SymcnnError(f"there is no tensor {name!r}")
        return self._network.tensors[name]


def _flat(arrays: Mapping[str, Array], tensors: Mapping[str, Tensor]) -> dict[object, Array]:
    return {tensors[name].base: np.ravel(array) for name, array in arrays.items()}


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
        self._defining = dict(grouped(self._equations))
        groups = [(tensors[base], equations) for base, equations in self._defining.items()]
        missing = [(tensor, made) for tensor, made in groups if tensor.base not in values]
        super().__init__(stages_of(missing), values, FLOATS)
        self._sizes |= {base: float(np.max(np.abs(array))) for base, array in values.items()}
        jumping = [(t, tuple(e for e in made if _may_jump(e))) for t, made in groups]
        self.stages = stages_of([(tensor, made) for tensor, made in jumping if made])
        self.gradient = cache(self._gradient)

    def value(self, tensor: Tensor, position: Sequence[int]) -> float:
        """Return an entry by its own equations."""
        entry = entry_at(position, tensor.shape)
        if tensor.is_given:
            return float(np.real(self.values[tensor.base][entry]))
        return sum(self._result(made, entry) for made in self._defining.get(tensor.base, ()))

    def derivative(self, tensor: Tensor, position: Sequence[int]) -> float:
        """Return the derivative with respect to an entry by the equations that read it."""
        entry = entry_at(position, tensor.shape)
        return sum(self._share(made, read, entry) for made, read in self._reading(tensor.base))

    def _result(self, equation: Equation, entry: int) -> float:
        """Return what an equation adds to an entry of its target."""
        windows = windows_at_entry(equation, equation.target, entry)
        if windows is None:
            return 0.0
        (made,) = windows.combined(self.terms(windows), self.kind)
        return float(np.real(made))

    def _share(self, equation: Equation, read: Indexed, entry: int) -> float:
        """Return what an entry's derivative gets from an equation that reads it by an access."""
        windows = windows_at_entry(equation, read, entry)
        if windows is None:
            return 0.0
        if not windows.is_sum():
            windows = windows_at(equation, equation.target, windows.entries)
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
