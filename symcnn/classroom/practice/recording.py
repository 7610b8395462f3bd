"""Formulas as they are computed with intervals, recorded step by step.

A recorded number is a kind of number: it stands for the interval that a step will give. So the
steps of a program are those that marking itself takes, in the same order.

    w_1 x_1 + w_2 x_2    ->    0: w_1   1: x_1   2: 0 * 1   3: w_2   4: x_2   5: 3 * 4   6: 2 + 5
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr

from symcnn.classroom.marking.intervals.arithmetic import INTERVALS, Comparison
from symcnn.classroom.marking.intervals.interval import Interval
from symcnn.errors import SymcnnError
from symcnn.reference.interpreter import Function, Lazy, evaluate

Step = tuple[Any, ...]
"""What is done, and the numbers of the steps before whose results it takes."""


@dataclass(frozen=True, eq=False)
class Tape:
    """The steps that were recorded, each once.

    Attributes:
        steps: The steps, in an order in which they can be taken.
    """

    steps: list[Step] = field(default_factory=list)
    _known: dict[Step, int] = field(default_factory=dict)

    def step(self, *step: Any) -> int:
        """Return the number of a step; it is added if it is new."""
        if step not in self._known:
            self._known[step] = len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def formula(self, formula: Expr, entries: dict[Any, int]) -> int:
        """Record a formula, with the numbers of its entries; return its last step."""
        known: dict[Any, Any] = {s: Recorded(self, self.step("s", n)) for s, n in entries.items()}
        kind = replace(
            INTERVALS,
            number=self._number,
            order=lambda a, b: Order(self, a.at, b.at),
            choose=self._choose,
            larger=lambda a, b: Recorded(self, self.step("max", a.at, b.at)),
            function=self._function,
        )
        try:
            found: Recorded = evaluate(formula, known, kind)
        except SymcnnError:
            return self.step("none")
        return found.at

    def interval(self, interval: Interval) -> Recorded:
        """Record a number."""
        return Recorded(self, self.step("n", str(interval.a), str(interval.b)))

    def _number(self, value: Expr) -> Recorded:
        try:
            return self.interval(INTERVALS.number(value))
        except (ArithmeticError, ValueError):  # infinite, or no number
            return Recorded(self, self.step("none"))

    def _choose(self, holds: Truth | bool, one: Lazy, other: Lazy) -> Any:
        if not isinstance(holds, Truth):
            return one() if holds else other()
        return Recorded(self, self.step("if", holds.at, one().at, other().at))

    def _function(self, name: str) -> Function | None:
        if INTERVALS.function(name) is None:
            return None
        return lambda z: Recorded(self, self.step(name, z.at))


@dataclass(frozen=True)
class Recorded:
    """What a step gives."""

    tape: Tape
    at: int

    def __add__(self, other: Recorded) -> Recorded:
        """Record a sum."""
        return self._made("+", self.at, other.at)

    def __neg__(self) -> Recorded:
        """Record the opposite number."""
        return self._made("-", self.at)

    def __sub__(self, other: Recorded) -> Recorded:
        """Record a difference."""
        return self + -other

    def __mul__(self, other: Recorded | Interval) -> Recorded:
        """Record a product."""
        factor = self.tape.interval(other) if isinstance(other, Interval) else other
        return self._made("*", self.at, factor.at)

    def __pow__(self, exponent: int) -> Recorded:
        """Record a power with an integer exponent."""
        return self._made("^", self.at, exponent)

    @property
    def root(self) -> Recorded:
        """The square root."""
        return self._made("root", self.at)

    @property
    def exp(self) -> Recorded:
        """The exponential."""
        return self._made("exp", self.at)

    @property
    def log(self) -> Recorded:
        """The logarithm."""
        return self._made("log", self.at)

    def _made(self, *step: Any) -> Recorded:
        return Recorded(self.tape, self.tape.step(*step))


@dataclass(frozen=True, eq=False)
class Truth:
    """Whether something can hold, and whether it can fail."""

    tape: Tape
    at: int

    def __and__(self, other: Truth | bool) -> Truth | bool:
        """Record whether both hold."""
        if not isinstance(other, Truth):
            return self if other else False
        return Truth(self.tape, self.tape.step("and", self.at, other.at))

    def __or__(self, other: Truth | bool) -> Truth | bool:
        """Record whether one of the two holds."""
        if not isinstance(other, Truth):
            return True if other else self
        return Truth(self.tape, self.tape.step("or", self.at, other.at))

    __rand__, __ror__ = __and__, __or__


_BITS = {-1: 1, 0: 2, 1: 4}
"""The orders of two numbers by their signs; some of them are a sum."""


@dataclass(frozen=True, eq=False)
class Order(Comparison[Truth]):
    """A comparison of two recorded numbers."""

    tape: Tape
    one: int
    other: int

    def where(self, holds: Callable[[int], bool]) -> Truth:
        """Record whether it can hold, and whether it can fail."""
        signs = sum(bit for sign, bit in _BITS.items() if holds(sign))
        return Truth(self.tape, self.tape.step("order", self.one, self.other, signs))
