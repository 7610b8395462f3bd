"""Formulas as they are computed with any numbers, recorded step by step.

A recorded number is a kind of number: it stands for what a step will give. So the steps of a
program are those that marking itself takes, in the same order.

    w_1 x_1 + w_2 x_2    ->    0: w_1   1: x_1   2: 0 * 1   3: w_2   4: x_2   5: 3 * 4   6: 2 + 5
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from operator import add
from typing import Any

from sympy import Dummy, Expr, Function, Integer, Pow, postorder_traversal

from symcnn.classroom.marking.intervals.interval import INTERVALS, Comparison
from symcnn.document.bindings import Lead
from symcnn.equations.functions import (
    ELEMENTARY,
    DefinedFunction,
    bounded,
    bounded_exp,
    maximum,
    normal_cdf,
    sigmoid,
    softplus,
)
from symcnn.equations.functions.elementary import Z
from symcnn.programs.backends.straight.functions import Argmax, Select, log_of_sum
from symcnn.reference.interpreter import Kind, Known, Lazy, evaluate

Step = tuple[Any, ...]
"""What is done, and the numbers of the steps before whose results it takes."""

_KEPT = (sigmoid, softplus, normal_cdf)
"""Functions that every page computes as a whole: in floats their definitions overflow or cancel."""


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

    def entry(self, number: int) -> Recorded:
        """Record what is known by its number."""
        return Recorded(self, self.step("s", number))

    def value(self, formula: Expr, known: Known) -> Recorded:
        """Record a formula.

        Args:
            formula: The formula, which may hold functions of programs.
            known: What was recorded of its entries; the parts of the formula join them.

        Raises:
            SymcnnError: If it holds a function that has no value.
        """
        kind = self._kind
        for part in postorder_traversal(formula):
            rule = _rule(part)
            if rule is not None and part not in known:
                known[part] = rule(kind, *(evaluate(one, known, kind) for one in part.args))
        return evaluate(formula, known, kind)  # type: ignore[no-any-return]

    @property
    def _kind(self) -> Kind:
        return replace(
            INTERVALS,
            number=self._number,
            exp=lambda z: z.made("exp"),
            log=lambda z: z.made("log"),
            power=lambda z, exponent: z.made("^", exponent.numerator, exponent.denominator),
            order=lambda a, b: Order(self, a.at, b.at),
            choose=self._choose,
            larger=lambda a, b: a.made("max", b.at),
            function=self._function,
            definition=_definition,
        )

    def _number(self, value: Expr) -> Recorded:
        try:
            return Recorded(self, self.step("n", *written(value)))
        except (ArithmeticError, ValueError):  # infinite, or no number
            return Recorded(self, self.step("none"))

    def _choose(self, holds: Truth | bool, one: Lazy, other: Lazy) -> Any:
        if not isinstance(holds, Truth):
            return one() if holds else other()
        return Recorded(self, self.step("if", holds.at, one().at, other().at))

    def _function(self, name: str) -> Callable[[Recorded], Recorded] | None:
        if name not in ELEMENTARY and name not in {kept.__name__ for kept in _KEPT}:
            return None
        return lambda z: z.made(name)


def written(value: Expr) -> tuple[str, ...]:
    """Return a number as pages read it: a fraction that is exact, or two decimals around it."""
    if value.is_Rational:
        return (str(value),)
    interval = INTERVALS.number(value)
    return str(interval.a), str(interval.b)


@cache
def _definition(function: type[DefinedFunction]) -> tuple[Dummy, Expr]:
    kept = function in _KEPT
    return (Z, Function(function.__name__)(Z)) if kept else INTERVALS.definition(function)


@dataclass(frozen=True)
class Recorded:
    """What a step gives."""

    tape: Tape
    at: int

    def __add__(self, other: Recorded) -> Recorded:
        """Record a sum."""
        return self.made("+", other.at)

    def __neg__(self) -> Recorded:
        """Record the opposite number."""
        return self.made("-")

    def __sub__(self, other: Recorded) -> Recorded:
        """Record a difference."""
        return self + -other

    def __mul__(self, other: Recorded) -> Recorded:
        """Record a product."""
        return self.made("*", other.at)

    def made(self, name: str, *others: int) -> Recorded:
        """Record a step that takes this number first."""
        return Recorded(self.tape, self.tape.step(name, self.at, *others))


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


Rule = Callable[..., Any]
"""Records a function of programs, of what was recorded of its arguments."""


def _rule(part: Any) -> Rule | None:
    if isinstance(part, Pow) and not part.exp.is_Rational:
        return lambda kind, base, exponent: base.made("pow", exponent.at)
    return _RULES.get(getattr(part, "func", None))


def _winner(kind: Kind, _: Any, best: Any, *others: Any) -> Any:
    """Record the place of the first largest term."""
    place = kind.number(Integer(0))
    for n, term in enumerate(others, 1):
        wins = kind.order(term, best) > 0
        place = _either(kind, wins, kind.number(Integer(n)), place)
        best = _either(kind, wins, term, best)
    return place


def _selected(kind: Kind, place: Any, *values: Any) -> Any:
    """Record the value of a place; most are the last one, which is 0 in windows."""
    found = last = values[-1]
    for n, value in enumerate(values):
        if value != last:
            found = _either(kind, kind.order(place, kind.number(Integer(n))) == 0, value, found)
    return found


def _either(kind: Kind, holds: Any, one: Any, other: Any) -> Any:
    return kind.choose(holds, lambda: one, lambda: other)


def _log_of_sum(kind: Kind, *terms: Any) -> Any:
    """Record m + log(sum of e^(t - m)), with m the largest t."""
    most = reduce(kind.larger, terms)
    return most + kind.log(reduce(add, (kind.exp(term - most) for term in terms)))


def _bounded(kind: Kind, z: Any, bound: Any) -> Any:
    return -kind.larger(-kind.larger(z, -bound), -bound)


def _lead(kind: Kind, *terms: Any) -> Any:
    names = [Dummy() for _ in terms]
    return evaluate(margin(names), dict(zip(names, terms, strict=True)), kind)


_RULES: dict[Any, Rule] = {
    Argmax: _winner,
    Select: _selected,
    log_of_sum: _log_of_sum,
    Lead: _lead,
    bounded: _bounded,
    bounded_exp: lambda kind, z: kind.exp(z),
}


def margin(terms: Sequence[Expr]) -> Expr:
    """Return the largest number less the second largest one."""
    if len(terms) < 2:
        return Integer(0)
    first, second = _two_largest(terms)
    assert second is not None
    return first - second


def _two_largest(terms: Sequence[Expr]) -> tuple[Expr, Expr | None]:
    """Return the largest and the second largest number: of two halves, the best of each."""
    if len(terms) == 1:
        return terms[0], None
    half = len(terms) // 2
    (one, two), (other, more) = _two_largest(terms[:half]), _two_largest(terms[half:])
    rivals = (-maximum(-one, -other), *(rival for rival in (two, more) if rival is not None))
    return maximum(one, other), maximum(*rivals)
