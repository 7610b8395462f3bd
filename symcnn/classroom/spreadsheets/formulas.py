"""SymPy expressions as formulas of a spreadsheet, in the order in which documents print them.

z_11 = w_11 x_1 + w_21 x_2      w_11*x_1+w_21*x_2
[a >= b, c < d]                 IF(AND(a>=b,c<d),1,0)
max(a, b)                       MAX(a,b)
sigma(z)                        1/(1+EXP(-z)), as it is defined
-x^2                            -(x^2), since -x^2 is the square of -x there
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from enum import IntEnum
from typing import Any, NamedTuple

from sympy import (
    Add,
    And,
    Expr,
    Float,
    Heaviside,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
    log,
)
from sympy.codegen.cfunctions import expm1, log1p
from sympy.core.relational import Relational

from symcnn.equations.functions import ELEMENTARY, DefinedFunction, Iverson, relu
from symcnn.errors import SymcnnError, shown
from symcnn.writing.printing.order import (
    common_factor,
    divided,
    is_divisor,
    with_factors_in_front,
)
from symcnn.writing.printing.summands import summands

_CALLED = {
    **{row.name: row.name.upper() for row in ELEMENTARY.values() if row.is_offered},
    **{"log": "LN", "erfc": "ERFC", "Abs": "ABS", "sign": "SIGN", "Or": "OR", "Not": "NOT"},
    **{"maximum": "MAX", "Max": "MAX", "Min": "MIN"},
}
_CONSTANTS = {S.Pi: "PI()", S.Exp1: "EXP(1)", S.true: "TRUE", S.false: "FALSE"}
_RELATIONS = {"==": "=", "!=": "<>"}


class Level(IntEnum):
    """How strongly the parts of a formula are bound together."""

    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


class Written(NamedTuple):
    """A formula, and what binds its parts."""

    text: str
    level: Level

    def inside(self, level: Level) -> str:
        """Return it as an operand, in brackets unless it is bound at least so strongly."""
        return self.text if self.level >= level else f"({self.text})"


class Formulas:
    """Writes formulas.

    Attributes:
        exponents: The arguments of all exponentials that were written.
    """

    def __init__(
        self,
        names: Mapping[Symbol, str],
        place: Callable[[Expr], Any],
        decimals: Collection[Expr] = (),
    ) -> None:
        """Take the names of cells.

        Args:
            names: The names by the symbols of entries.
            place: What the factors of a product are ordered by.
            decimals: The numbers that are written as decimals: 0.01*z, not z/100.
        """
        self._names, self._place, self._decimals = names, place, decimals
        self.exponents = dict[Expr, None]()

    def text(self, expression: Expr) -> str:
        """Return a formula, without the = in front of it.

        Raises:
            SymcnnError: If it holds a function that spreadsheets do not have.
        """
        return self._write(expression).text

    def _write(self, expression: Any) -> Written:
        match expression:
            case Symbol():
                return Written(self._names[expression], Level.ATOM)
            case Add():
                return self._sum(expression)
            case Mul():
                number, rest = with_factors_in_front(expression)
                return self._product(number, Mul.make_args(rest))
            case Rational():
                return self._rational(expression)
            case Float():
                level = Level.SUM if expression < 0 else Level.ATOM
                return Written(repr(float(expression)), level)
            case Pow():  # before exp, for which SymPy takes a power of e
                return self._power(expression)
            case exp():
                self.exponents[expression.args[0]] = None
                return self._call("EXP", expression.args)
            case expm1():
                return self._write(exp(expression.args[0]) - 1)
            case log1p():
                return self._write(log(1 + expression.args[0]))
            case relu():
                return self._call("MAX", [S.Zero, *expression.args])
            case DefinedFunction():
                return self._write(expression.definition(expression.args[0]))
            case Heaviside():
                z, at_0 = expression.args
                return self._cases([(S.One, z > 0), (at_0, z >= 0), (S.Zero, S.true)])
            case Iverson():
                condition = And(*expression.args, evaluate=False)
                return self._cases([(S.One, condition), (S.Zero, S.true)])
            case Piecewise():
                return self._cases(expression.args)
            case Relational():
                left, right = map(self.text, (expression.lhs, expression.rhs))
                relation = _RELATIONS.get(expression.rel_op, expression.rel_op)
                return Written(f"{left}{relation}{right}", Level.SUM)
            case And():
                first, *others = parts = expression.args
                return self._call("AND", parts) if others else self._write(first)
        if expression in _CONSTANTS:
            return Written(_CONSTANTS[expression], Level.ATOM)
        name = type(expression).__name__
        if name not in _CALLED:
            raise SymcnnError(
                f"no spreadsheet has the function {shown(name)}: write it by its definition, or "
                "derive the problem as a document"
            )
        return self._call(_CALLED[name], expression.args)

    def _call(self, name: str, arguments: Sequence[Any]) -> Written:
        return Written(f"{name}({','.join(map(self.text, arguments))})", Level.ATOM)

    def _sum(self, total: Add) -> Written:
        terms = summands(total)
        factor = common_factor(terms)
        if factor != 1:
            number, rest = factor.as_coeff_Mul()
            return self._product(number, [*Mul.make_args(rest), Add(*divided(terms, factor))])
        first, *others = (self._write(term).text for term in terms)
        signed = (term if term.startswith("-") else f"+{term}" for term in others)
        return Written("".join((first, *signed)), Level.SUM)

    def _product(self, number: Rational, factors: Sequence[Expr]) -> Written:
        """Return a number times factors: those with negative exponents stand behind a slash."""
        above = sorted((f for f in factors if not is_divisor(f) and f != 1), key=self._place)
        below = [1 / factor for factor in factors if is_divisor(factor)]
        upper, lower = self._fraction(abs(number))
        over = [*([upper] if upper != "1" or not above else []), *map(self._operand, above)]
        under = [*([lower] if lower != "1" else []), *map(self._operand, below)]
        joined = "*".join(under)
        divisor = f"/({joined})" if len(under) > 1 else f"/{joined}" if under else ""
        text = "*".join(over) + divisor
        if number >= 0:
            return Written(text, Level.PRODUCT)
        is_power = above and upper == "1" and self._write(above[0]).level == Level.POWER
        return Written(f"-({text})" if is_power else f"-{text}", Level.SUM)

    def _fraction(self, number: Expr) -> tuple[str, str]:
        """Return what stands above and below the bar for a positive number."""
        if not number.is_Rational:
            return self._write(number).inside(Level.POWER), "1"
        if number in self._decimals or number.q == 1:
            return numeral(number), "1"
        if number.p != 1 and is_decimal(number):
            return numeral(number), "1"
        return numeral(Rational(number.p)), numeral(Rational(number.q))

    def _operand(self, factor: Expr) -> str:
        return self._write(factor).inside(Level.POWER)

    def _power(self, power: Pow) -> Written:
        base, exponent = power.args
        if is_divisor(power):
            return self._product(S.One, [power])
        if exponent == S.Half:
            return self._call("SQRT", [base])
        parts = (self._write(part).inside(Level.ATOM) for part in (base, exponent))
        return Written("^".join(parts), Level.POWER)

    def _rational(self, number: Rational) -> Written:
        if number.p < 0:
            return Written(f"-{self._write(-number).text}", Level.SUM)
        upper, lower = self._fraction(number)
        if lower == "1":
            return Written(upper, Level.ATOM)
        return Written(f"{upper}/{lower}", Level.PRODUCT)

    def _cases(self, cases: Sequence[Any]) -> Written:
        """Return nested IFs; without any case there is no value."""
        if not cases:
            return Written("NA()", Level.ATOM)
        (value, condition), *others = cases
        if condition == True:  # noqa: E712  # SymPy's own true
            return self._write(value)
        parts = self.text(condition), self.text(value), self._cases(others).text
        return Written(f"IF({','.join(parts)})", Level.ATOM)


_FLOAT_DIGITS = 15
"""The digits of a number in a formula; a spreadsheet drops further ones."""


def numeral(number: Rational) -> str:
    """Return a number as a spreadsheet writes it: a decimal, with 15 digits if it has more.

    >>> numeral(Rational(1, 100000)), numeral(Rational(-5, 2)), numeral(Rational(1, 3))
    ('0.00001', '-2.5', '0.333333333333333')
    """
    if is_decimal(number):
        return f"{Decimal(int(number.p)) / Decimal(int(number.q)):f}"
    return f"{float(number):.{_FLOAT_DIGITS}g}"


def is_decimal(number: Rational) -> bool:
    """Tell whether a number is a decimal of few digits."""
    digits = Decimal(int(number.p)) / Decimal(int(number.q))
    if Rational(str(digits)) != number:
        return False
    count = len(f"{digits:f}".replace(".", "").strip("-0"))
    return count <= _FLOAT_DIGITS and -_FLOAT_DIGITS < digits.adjusted() < _FLOAT_DIGITS
