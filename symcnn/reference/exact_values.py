"""The exact value of a SymPy expression, by walking its tree with dual numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache, reduce
from typing import Any

import mpmath  # type: ignore[import-untyped]  # it ships no types
from sympy import Abs, Add, And, Dummy, Expr, Max, Min, Mul, Piecewise, Pow, Symbol, tanh
from sympy import exp as exponential
from sympy import log as logarithm
from sympy import sign as signum
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from symcnn.errors import SymcnnError
from symcnn.functions import DefinedFunction, Iverson, maximum, sigmoid, softplus
from symcnn.reference.dual import CONTEXT, ONE, ZERO, Dual, Number, exp, log, sign, total

Known = dict[Any, Dual]
"""The values of symbols and entries; those of whole expressions join them."""

_ONE = Dual(ONE)
_Z = Dummy("z", real=True)


def exact_value(expression: Any, known: Known) -> Dual:
    """Evaluate an expression, each part of it once.

    Raises:
        SymcnnError: If it holds a function that has no value here.
        ArithmeticError: If a part has no real value at these numbers.
    """
    found = known.get(expression)
    if found is None:
        kind: Any = type(expression)
        found = _rule(kind)(expression, known)
        known[expression] = found
    return found


def exact_number(number: Expr) -> Number:
    """Return a SymPy number: a fraction if it is rational, else a decimal."""
    if number.is_Rational:
        return Fraction(int(number.p), int(number.q))
    if number.is_Float:  # far faster than by way of its text
        sign_bit, mantissa, exponent, _ = number._mpf_
        size = CONTEXT.multiply(
            Decimal(int(mantissa)), CONTEXT.power(Decimal(2), Decimal(exponent))
        )
        return size.copy_negate() if sign_bit else size
    return Decimal(str(number.evalf(CONTEXT.prec)))


@cache
def _rule(kind: Any) -> Callable[[Any, Known], Dual]:
    return next((rule for base, rule in _RULES if issubclass(kind, base)), _function)


def _arguments(expression: Any, known: Known) -> list[Dual]:
    return [exact_value(argument, known) for argument in expression.args]


def _symbol(expression: Symbol, known: Known) -> Dual:
    return known[expression]


def _sum(expression: Add, known: Known) -> Dual:
    return total(_arguments(expression, known))


def _product(expression: Mul, known: Known) -> Dual:
    return reduce(Dual.__mul__, _arguments(expression, known))


def _power(expression: Pow, known: Known) -> Dual:
    base, exponent = expression.args
    if exponent.is_Rational:
        return exact_value(base, known).power(Fraction(int(exponent.p), int(exponent.q)))
    return exp(exact_value(exponent, known) * log(exact_value(base, known)))


def _exponential(expression: exponential, known: Known) -> Dual:
    return exp(exact_value(expression.args[0], known))


def _logarithm(expression: logarithm, known: Known) -> Dual:
    return log(exact_value(expression.args[0], known))


def _sigmoid(expression: sigmoid, known: Known) -> Dual:
    return _logistic(exact_value(expression.args[0], known))


def _tanh(expression: tanh, known: Known) -> Dual:
    """Return 2 sigma(2 z) - 1."""
    twice = exact_value(expression.args[0], known).scaled(Fraction(2))
    return _logistic(twice).scaled(Fraction(2)) + -_ONE


def _logistic(z: Dual) -> Dual:
    """Return 1 / (1 + e^-z), the exponent never positive."""
    if z.value > 0:
        return (_ONE + exp(-z)).power(-ONE)
    return exp(z) * (_ONE + exp(z)).power(-ONE)


def _softplus(expression: softplus, known: Known) -> Dual:
    """Return log(1 + e^z), the exponent never positive."""
    z = exact_value(expression.args[0], known)
    return z + log(_ONE + exp(-z)) if z.value > 0 else log(_ONE + exp(z))


def _defined(expression: DefinedFunction, known: Known) -> Dual:
    return exact_value(_definition(expression.func), {_Z: exact_value(expression.args[0], known)})


@cache
def _definition(function: type[DefinedFunction]) -> Expr:
    return function.definition(_Z)


def _largest(expression: Expr, known: Known) -> Dual:
    """Return the first largest argument."""
    arguments = _arguments(expression, known)
    return reduce(lambda a, b: b if sign(b.value, a.value) > 0 else a, arguments)


def _smallest(expression: Expr, known: Known) -> Dual:
    arguments = _arguments(expression, known)
    return reduce(lambda a, b: b if sign(b.value, a.value) < 0 else a, arguments)


def _modulus(expression: Abs, known: Known) -> Dual:
    z = exact_value(expression.args[0], known)
    return z.scaled(Fraction(sign(z.value, ZERO)))


def _signum(expression: signum, known: Known) -> Dual:
    return Dual(Fraction(sign(exact_value(expression.args[0], known).value, ZERO)))


def _bracket(expression: Iverson | And, known: Known) -> Dual:
    holds = all(exact_value(condition, known).value for condition in expression.args)
    return Dual(Fraction(holds))


def _relation(expression: Relational, known: Known) -> Dual:
    left, right = _arguments(expression, known)
    return Dual(Fraction(_COMPARISONS[expression.rel_op](sign(left.value, right.value))))


def _cases(expression: Piecewise, known: Known) -> Dual:
    for value, condition in expression.args:
        if exact_value(condition, known).value:
            return exact_value(value, known)
    raise SymcnnError(f"no case of {expression} holds")


def _truth(expression: BooleanAtom, known: Known) -> Dual:
    return Dual(Fraction(bool(expression)))


def _function(expression: Expr, known: Known) -> Dual:
    """Return a number, or any other analytic function of one argument.

    A complex step gives the slope with the value (see ``forward``): one as small as the
    last digit, on three times the digits, for the imaginary part has its own.
    """
    if not expression.args:
        return Dual(exact_number(expression))
    function = getattr(mpmath, expression.func.__name__, None)
    if function is None or len(expression.args) > 1:
        raise SymcnnError(f"there is no exact value for {expression.func.__name__}(...)")
    z = exact_value(expression.args[0], known)
    with mpmath.workdps(3 * CONTEXT.prec):
        step = mpmath.mpf(10) ** -CONTEXT.prec
        made = function(mpmath.mpc(_multiprecision(z.value), step))
        value, slope = _decimal(made.real), _decimal(made.imag / step)
    return z.through(value, slope)


def _decimal(number: Any) -> Decimal:
    return Decimal(mpmath.nstr(number, CONTEXT.prec))


def _multiprecision(number: Number) -> Any:
    if isinstance(number, Fraction):
        return mpmath.mpf(number.numerator) / number.denominator
    return mpmath.mpf(str(number))


_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "==": lambda order: order == 0,
    "!=": lambda order: order != 0,
}

_RULES: tuple[tuple[Any, Callable[[Any, Known], Dual]], ...] = (
    (Symbol, _symbol),
    (Add, _sum),
    (Mul, _product),
    (Pow, _power),
    (exponential, _exponential),
    (logarithm, _logarithm),
    (tanh, _tanh),
    (sigmoid, _sigmoid),
    (softplus, _softplus),
    (DefinedFunction, _defined),
    (Iverson | And, _bracket),
    (Max | maximum, _largest),
    (Min, _smallest),
    (Abs, _modulus),
    (signum, _signum),
    (Relational, _relation),
    (Piecewise, _cases),
    (BooleanAtom, _truth),
)
