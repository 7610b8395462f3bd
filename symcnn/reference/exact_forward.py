"""The forward pass in exact numbers, with the loss's derivative with respect to every entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from sympy import Expr, Indexed

from symcnn.equations import Tensor, entry_at, grouped
from symcnn.equations.values.evaluation import Array
from symcnn.reference.choices import Choice, choices
from symcnn.reference.enclosures import (
    ONE,
    ZERO,
    Number,
    Precision,
    certainly,
    ends,
    from_sympy,
    functions,
    inverse,
    sign,
    to_sympy,
)
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
from symcnn.reference.windows import ANALYTIC, WRITTEN, Moving, Windows, definition, moving

# Dual numbers over exact ones: a value, and its slopes with respect to its arguments.


Slopes = Mapping[Any, Number]


class Dual:
    """A value with its slopes: for each key, the derivative with respect to what it names."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Number, slopes: Slopes | None = None) -> None:
        """Take a value; without slopes it is a constant."""
        self.value: Number = value
        self.slopes: Slopes = slopes or {}

    def __add__(self, other: Dual) -> Dual:
        """Return the sum."""
        return Dual(self.value + other.value, _sum(self.slopes, other.slopes))

    def __mul__(self, other: Dual) -> Dual:
        """Return the product, by the product rule."""
        value = self.value * other.value
        if not self.slopes and not other.slopes:
            return Dual(value)
        mine, others = _scaled(self.slopes, other.value), _scaled(other.slopes, self.value)
        return Dual(value, _sum(mine, others))

    def __sub__(self, other: Dual) -> Dual:
        """Return the difference."""
        return self + other * Dual(-ONE)

    def through(self, value: Number, slope: Number) -> Dual:
        """Return f of this number, given f and f' at its value."""
        return Dual(value, _scaled(self.slopes, slope))


def _scaled(slopes: Slopes, factor: Number) -> Slopes:
    return {key: slope * factor for key, slope in slopes.items()}


def _sum(mine: Slopes, others: Slopes) -> Slopes:
    if not others:
        return mine
    if not mine:
        return others
    made = dict(mine)
    for key, slope in others.items():
        made[key] = made[key] + slope if key in made else slope
    return made


def exact_numbers(precision: Precision) -> Kind:
    """Return exact dual numbers, and arrays of them, as a kind of number."""
    computing = _Exact(precision)
    computing.kind = Kind(
        number=lambda number: Dual(from_sympy(number, precision)),
        exp=_entrywise(computing.exp, 1),
        log=_entrywise(computing.log, 1),
        power=_entrywise(computing.power, 2),
        order=_entrywise(_order, 2),
        choose=_choose,
        larger=_upper,
        largest=_entrywise(_upper, 2).reduceat,
        function=computing.function,
        definition=definition,
    )
    return computing.kind


class _Exact:
    """Functions of dual numbers, to some precision."""

    kind: Kind

    def __init__(self, precision: Precision) -> None:
        self._precision = precision

    def exp(self, z: Dual) -> Dual:
        value = functions.exp(z.value, self._precision)
        return z.through(value, value)

    def log(self, z: Dual) -> Dual:
        return z.through(functions.log(z.value, self._precision), inverse(z.value))

    def power(self, z: Dual, exponent: Fraction) -> Dual:
        """Return a rational power."""
        value = functions.power(z.value, exponent, self._precision)
        if not z.slopes:
            return Dual(value)
        below = functions.power(z.value, exponent - 1, self._precision)
        return z.through(value, below * exponent)

    def function(self, name: str) -> Callable[[Dual], Dual] | None:
        """Return a function by the name that SymPy has for it."""
        if name in ANALYTIC:
            return partial(self._analytic, name)
        if name in WRITTEN:
            argument, written = WRITTEN[name]
            return lambda z: evaluate(written, {argument: z}, self.kind)
        return None

    def _analytic(self, name: str, z: Dual) -> Dual:
        """Return a function whose slope is known beside it."""
        function, (argument, slope) = ANALYTIC[name]
        value = function(z.value, self._precision)
        if not z.slopes:
            return Dual(value)
        return z.through(value, evaluate(slope, {argument: Dual(z.value)}, self.kind).value)


def _order(a: Dual, b: Dual) -> int:
    return sign(a.value, b.value)


def _choose(holds: bool, one: Lazy, other: Lazy) -> Dual:
    """Evaluate the one that is needed: the other need not have a value."""
    return one() if holds else other()  # type: ignore[no-any-return]


def _upper(a: Dual, b: Dual) -> Dual:
    """Return the one that is larger, or may be: ``order`` tells whether it is."""
    if isinstance(a.value, Fraction) and isinstance(b.value, Fraction):
        return b if b.value > a.value else a
    return b if _end(b.value) > _end(a.value) else a


def _end(number: Number) -> Fraction | Decimal:
    return number if isinstance(number, Fraction) else number.upper


def _entrywise(function: Callable[..., Any], arguments: int) -> Any:
    """Return a function of numbers that takes arrays too."""
    return np.frompyfunc(function, arguments, 1)


class ExactForward:
    """The forward pass of a network at given numbers, in exact numbers."""

    def __init__(
        self,
        network: HasEquations,
        values: Mapping[str, Sequence[Expr]],
        precision: Precision | None = None,
    ) -> None:
        """Take exact numbers, flat, by tensor name, and compute every entry.

        Raises:
            ArithmeticError: If an entry has no real value.
            UndecidedError: If more digits are needed to tell which entry is the largest.
        """
        self._precision = computing = precision or Precision()
        self._tensors, self._loss = network.tensors, network.loss_tensor.base
        by_base = {tensor.base: tensor for tensor in network.tensors.values()}
        given = {
            network.tensors[name].base: _array(Dual(from_sympy(n, computing)) for n in numbers)
            for name, numbers in values.items()
        }
        groups = ((by_base[base], group) for base, group in grouped(network.equations))
        self._pass = _ExactPass(stages_of(groups), given, exact_numbers(computing))

    def value(self, name: str, position: Sequence[int]) -> Number:
        """Return the value of an entry."""
        tensor = self._tensors[name]
        return _at(self._pass.values[tensor.base], tensor, position)

    def derivative(self, name: str, position: Sequence[int]) -> Number:
        """Return dL/dT[position]; a computed entry is moved after it was computed."""
        tensor = self._tensors[name]
        return _at(self._pass.derivatives[tensor.base], tensor, position)

    def along(self, name: str, position: Sequence[int]) -> Along:
        """Return how everything moves with an entry of what is given."""
        return Along(self._pass, self._tensors, name, position)

    def choices(self) -> Iterator[Choice]:
        """Find where there is no derivative and one is chosen."""
        return choices(self._pass)

    def departure(self, moved: Mapping[str, Sequence[Expr]]) -> Number:
        """Return how fast the loss begins to move when given tensors' entries do.

        Args:
            moved: Their velocities, flat, by name.
        """
        fast = {
            self._tensors[of].base: _array(Dual(from_sympy(n, self._precision)) for n in numbers)
            for of, numbers in moved.items()
        }
        (dual,) = self._pass.departures(fast)[self._loss]
        return dual.value  # type: ignore[no-any-return]

    def bounds(self, name: str) -> Array:
        """Return two rows of floats, next to which the values of a tensor certainly lie."""
        return self._bounds(self._pass.values[self._tensors[name].base])

    def slope_bounds(self, name: str) -> Array:
        """Return the same for dL/dT."""
        return self._bounds(self._pass.derivatives[self._tensors[name].base])

    def ties(self) -> Iterator[Tie]:
        """Find the maxima that more than one term attains."""
        return self._pass.ties()

    def _bounds(self, duals: Array) -> Array:
        found = (ends(dual.value, self._precision) for dual in duals)
        return np.array([[float(lower), float(upper)] for lower, upper in found]).T


def exact_derivatives(
    network: HasEquations,
    values: Mapping[str, Sequence[Expr]],
    entries: Sequence[tuple[str, Sequence[int]]],
    digits: int = 50,
) -> list[Expr]:
    """Return the derivatives of the loss with respect to entries, all of their digits certain.

    Raises:
        ArithmeticError: If an entry has no real value.
    """

    def attempt(precision: Precision) -> list[Expr]:
        passed = ExactForward(network, values, precision)
        return [to_sympy(passed.derivative(*entry), digits) for entry in entries]

    return certainly(attempt)


def exact_departure(
    network: HasEquations,
    values: Mapping[str, Sequence[Expr]],
    moved: Mapping[str, Sequence[Expr]],
    digits: int = 50,
) -> Expr:
    """Return how fast the loss begins to move when given tensors' entries do, by their names."""

    def attempt(precision: Precision) -> Expr:
        return to_sympy(ExactForward(network, values, precision).departure(moved), digits)

    return certainly(attempt)


def exact_value(
    network: HasEquations,
    values: Mapping[str, Sequence[Expr]],
    name: str,
    position: Sequence[int],
    digits: int = 50,
) -> Expr:
    """Return the value of an entry, all of its digits certain."""

    def attempt(precision: Precision) -> Expr:
        return to_sympy(ExactForward(network, values, precision).value(name, position), digits)

    return certainly(attempt)


class _ExactPass(Pass):
    """Every term is a dual number, with its slopes with respect to what it reads."""

    def __init__(self, stages: Stages, given: Arrays, kind: Kind) -> None:
        self._made: dict[Windows, list[Dual]] = {}
        super().__init__(stages, given, kind)

    def terms(self, windows: Windows) -> Array:
        return _array(Dual(term.value) for term in self._duals(windows))

    def slopes(self, windows: Windows) -> dict[Indexed, Array]:
        terms = self._duals(windows)
        return {
            read: _array(Dual(term.slopes.get(read, ZERO)) for term in terms)
            for read in windows.reads
        }

    def _moved_slopes(self, windows: Windows, velocities: Arrays) -> dict[Indexed, Array]:
        """Evaluate every term in dual numbers that move."""
        value, kind = windows.equation.value, moving(self.kind)
        numbers = self._reads(windows)
        fast = {read: velocities[read.base][at] for read, at in windows.reads.items()}
        if not any(_is_moved(velocity) for array in fast.values() for velocity in array):
            return {}
        made = []
        for row in range(windows.count):
            known: dict[Any, Any] = {
                read: Moving(Dual(array[row].value, {read: ONE}), fast[read][row])
                for read, array in numbers.items()
            }
            made.append(evaluate(value, known, kind).velocity.slopes)
        return {read: _array(Dual(s.get(read, ZERO)) for s in made) for read in numbers}

    def velocities_of_terms(self, windows: Windows, moved: Velocities, kind: Kind) -> Array:
        numbers = self._reads(windows)
        made = []
        for row in range(windows.count):
            known: dict[Any, Any] = {
                read: Moving(Dual(array[row].value), moved[read][row])
                for read, array in numbers.items()
            }
            made.append(evaluate(windows.equation.value, known, kind).velocity)
        return _array(made)

    def _duals(self, windows: Windows) -> list[Dual]:
        if windows not in self._made:
            reads = self._reads(windows)
            rows = zip(*reads.values(), strict=True) if reads else [()] * windows.count
            value = windows.equation.value
            self._made[windows] = [self._term(value, zip(reads, row, strict=True)) for row in rows]
        return self._made[windows]

    def _term(self, value: Expr, reads: Iterable[tuple[Indexed, Dual]]) -> Dual:
        known = {read: Dual(number.value, {read: ONE}) for read, number in reads}
        return evaluate(value, known, self.kind)  # type: ignore[no-any-return]


def _is_moved(velocity: Dual) -> bool:
    return not isinstance(velocity.value, Fraction) or bool(velocity.value)


def _at(duals: Array, tensor: Tensor, position: Sequence[int]) -> Number:
    return duals[entry_at(position, tensor.shape)].value  # type: ignore[no-any-return]


def _array(duals: Iterable[Dual]) -> Array:
    return np.array([*duals], dtype=object)
