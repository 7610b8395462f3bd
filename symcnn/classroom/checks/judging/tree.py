"""The value of a SymPy expression in numbers with a bound of their rounding errors.

Nothing is rewritten so that it does not cancel: the bound holds for whoever computes the expression
as it stands, 1 - s for a sigmoid s too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, reduce
from operator import and_, mul, or_
from typing import Any

import numpy as np
from sympy import (
    Abs,
    Add,
    And,
    Dummy,
    Expr,
    Max,
    Min,
    Mul,
    Or,
    Piecewise,
    Pow,
    S,
    exp,
    floor,
    log,
    sign,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symcnn.classroom.checks.judging.rounded import Array, Rounded, total
from symcnn.equations.functions import DefinedFunction, Iverson, maximum
from symcnn.errors import SymcnnError
from symcnn.reference import FLOATS, evaluate

Known = dict[Any, Rounded]
"""What entries and symbols stand for; the values of whole expressions join them."""

_FUNCTION = 4
"""By so many roundings a function of a numeric library may be off."""

_Z = Dummy("z", real=True)


def rounded(expression: Expr, known: Known) -> Rounded:
    """Evaluate an expression, each part of it once.

    Raises:
        SymcnnError: If it holds a function that has no value.
    """
    found = known.get(expression)
    if found is None:
        known[expression] = found = _rule(expression.func)(expression, known)
    return found


@cache
def _rule(of: type[Any]) -> Callable[[Any, Known], Rounded]:
    return next((rule for base, rule in _RULES if issubclass(of, base)), _function)


def _arguments(expression: Any, known: Known) -> list[Rounded]:
    return [rounded(argument, known) for argument in expression.args]


def _product(expression: Mul, known: Known) -> Rounded:
    return reduce(mul, _arguments(expression, known))


def _power(expression: Pow, known: Known) -> Rounded:
    base, exponent = rounded(expression.args[0], known), expression.args[1]
    if not exponent.is_Rational:
        return _composed(lambda z: exp(exponent * log(z)), base)
    number, roundings = float(exponent), abs(exponent.p) + _FUNCTION * exponent.q
    with np.errstate(all="ignore"):
        value = np.power(base.value, number)
        slope = np.where(base.error > 0, number * np.power(base.value, number - 1), 0.0)
    return base.passed(value, slope, roundings)


def _composed(function: Callable[[Expr], Expr], argument: Rounded) -> Rounded:
    return rounded(function(_Z), {_Z: argument})


def _exponential(expression: exp, known: Known) -> Rounded:
    argument = rounded(expression.args[0], known)
    value = np.exp(argument.value)
    return argument.passed(value, value, _FUNCTION)


def _logarithm(expression: log, known: Known) -> Rounded:
    argument = rounded(expression.args[0], known)
    return argument.passed(np.log(argument.value), 1 / argument.value, _FUNCTION)


def _defined(expression: DefinedFunction, known: Known) -> Rounded:
    return _composed(expression.func.definition, rounded(expression.args[0], known))


def _bracket(expression: Any, known: Known) -> Rounded:
    holds = reduce(and_, (_condition(condition, known) for condition in expression.args))
    return Rounded.exactly(holds)


def _condition(condition: Any, known: Known) -> Array:
    if isinstance(condition, BooleanAtom | bool):
        return np.asarray(bool(condition))
    if isinstance(condition, And | Or):
        joined = and_ if isinstance(condition, And) else or_
        return np.asarray(reduce(joined, (_condition(part, known) for part in condition.args)))
    left, right = (argument.value for argument in _arguments(condition, known))
    return np.asarray(_COMPARISONS[condition.rel_op](left, right))


def _largest(expression: Any, known: Known) -> Rounded:
    arguments = _arguments(expression, known)
    value = reduce(np.maximum, (argument.value for argument in arguments))
    return Rounded(value, reduce(np.maximum, (argument.error for argument in arguments)))


def _smallest(expression: Min, known: Known) -> Rounded:
    arguments = _arguments(expression, known)
    value = reduce(np.minimum, (argument.value for argument in arguments))
    return Rounded(value, reduce(np.maximum, (argument.error for argument in arguments)))


def _size(expression: Abs, known: Known) -> Rounded:
    argument = rounded(expression.args[0], known)
    return Rounded(np.abs(argument.value), argument.error)


def _cases(expression: Piecewise, known: Known) -> Rounded:
    values = [rounded(value, known) for value, _ in expression.args]
    holds = [_condition(condition, known) for _, condition in expression.args]
    return Rounded(
        _selected(holds, [value.value for value in values], np.nan),
        _selected(holds, [value.error for value in values], 0.0),
    )


def _selected(holds: Sequence[Array], values: Sequence[Array], otherwise: float) -> Array:
    shapes = np.broadcast_shapes(*(np.shape(a) for a in (*holds, *values)))
    holding, chosen = ([np.broadcast_to(a, shapes) for a in arrays] for arrays in (holds, values))
    return np.asarray(np.select(holding, chosen, otherwise))


def _function(expression: Expr, known: Known) -> Rounded:
    """Return a number, or any other function of one argument by its slope."""
    if not expression.args:
        value = float(expression)
        return Rounded(np.asarray(value), np.asarray(0.0 if _is_short(value) else abs(value)))
    name = expression.func.__name__
    if len(expression.args) != 1:
        raise SymcnnError(f"there is no numeric value for {name}(...) in {expression}")
    argument = rounded(expression.args[0], known)
    numbers = {_Z: argument.value}
    value = evaluate(expression.func(_Z), dict(numbers), FLOATS)
    slope = evaluate(_slope(expression.func), dict(numbers), FLOATS)
    return argument.passed(np.asarray(value), np.asarray(slope), _FUNCTION)


@cache
def _slope(function: Any) -> Expr:
    return function(_Z).diff(_Z)


def _is_short(value: float) -> bool:
    """Tell whether single precision holds a number exactly."""
    return float(np.float16(value)) == value if abs(value) < np.finfo(np.float16).max else False


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}

_RULES: tuple[tuple[Any, Callable[[Any, Known], Rounded]], ...] = (
    (Add, lambda expression, known: total(_arguments(expression, known))),
    (Mul, _product),
    (Pow, _power),
    (exp, _exponential),
    (log, _logarithm),
    (DefinedFunction, _defined),
    (Iverson, _bracket),
    (Relational | And | Or | BooleanAtom, lambda e, k: Rounded.exactly(_condition(e, k))),
    (Max | maximum, _largest),
    (Min, _smallest),
    (Abs, _size),
    (sign, lambda e, known: Rounded.exactly(np.sign(rounded(e.args[0], known).value))),
    (floor, lambda e, known: Rounded.exactly(np.floor(rounded(e.args[0], known).value))),
    (Piecewise, _cases),
    (type(S.Exp1), lambda e, known: Rounded(np.asarray(np.e), np.asarray(np.e))),
)
