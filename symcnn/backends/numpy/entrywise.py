"""Entry by entry: an expression becomes NumPy's functions, one result after the other.

(1 - a^2) d    becomes    s = a*a,  s = 1 - s,  s = s*d    in one array s

so nothing is allocated; a second result that must wait gets a scratch array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Add, Expr, Indexed, Mul, Pow, S, Symbol, exp, log, tanh
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)

from symcnn.backends.numpy.space import Space
from symcnn.backends.numpy.statements import Apply, Copy
from symcnn.backends.numpy.strided import Strided
from symcnn.backends.python.printing import array_code
from symcnn.equations import accesses
from symcnn.functions import Iverson, relu

_FUNCTIONS = {exp: "np.exp", log: "np.log", tanh: "np.tanh"}
_COMPARISONS = {
    StrictGreaterThan: "np.greater",
    StrictLessThan: "np.less",
    GreaterThan: "np.greater_equal",
    LessThan: "np.less_equal",
}


def evaluate(
    space: Space,
    value: Expr,
    reads: Mapping[Indexed, Strided],
    out: Strided,
    function: str | None = None,
) -> None:
    """Compute a value over all loops of ``out`` into it, or bring it there by a function.

    Args:
        space: Where arrays and statements go.
        value: The expression.
        reads: Where the entries lie that it reads.
        out: Where the result goes; it must not lie in an array that is read.
        function: What combines the result with what ``out`` holds; by default it is replaced.
    """
    order = out.in_memory
    place = space.over(f"{out.array}_entries", out, order)
    names = {read: space.over(f"{a.array}_at_{out.array}", a, order) for read, a in reads.items()}
    expression = _Expression(space, names, order, out.sizes)
    if function is not None:
        share = expression.operand(value, None)
        space.do(Apply(function, (place, share), place))
        return
    expression.into(value, place)


class _Expression:
    """An expression on its way into arrays of one shape."""

    def __init__(
        self,
        space: Space,
        names: Mapping[Indexed, str],
        order: Sequence[Symbol],
        sizes: Mapping[Symbol, int],
    ) -> None:
        self._space, self._names, self._order, self._sizes = space, names, order, sizes
        self._waiting = 0

    def into(self, value: Expr, place: str) -> None:
        """Compute the value into a place."""
        if value in self._names or value.is_number:
            self._space.do(Copy(place, self.operand(value, place)))
        else:
            self._compute(value, place)

    def operand(self, value: Expr, place: str | None) -> str:
        """Return the name of a value; what has none is computed, into the place if given."""
        if value in self._names:
            return self._names[value]
        if value.is_number:
            return number_text(value)
        if place is None:
            scratch = self._space.scratch(self._order, self._sizes, self._waiting)
            self._waiting += 1
            place = self._space.over(scratch.array, scratch, self._order)
        self._compute(value, place)
        return place

    def _compute(self, value: Expr, place: str) -> None:
        if isinstance(value, Add):
            self._sum(value, place)
        elif isinstance(value, Mul):
            self._product(value, place)
        elif isinstance(value, Pow):
            self._power(value, place)
        elif value.func in _FUNCTIONS:
            self._apply(_FUNCTIONS[value.func], place, value.args[0])
        elif isinstance(value, relu):
            self._apply("np.maximum", place, value.args[0], S.Zero)
        elif _is_comparison(value):
            condition = value.args[0]
            self._apply(_COMPARISONS[condition.func], place, *condition.args)
        else:
            self._written(value, place)

    def _apply(self, function: str, place: str, *arguments: Expr) -> None:
        """Apply a function; the first argument that needs computing may use the place."""
        waiting, free, operands = self._waiting, [place], []
        for argument in arguments:
            is_named = argument in self._names or argument.is_number
            operands.append(self.operand(argument, None if is_named or not free else free.pop()))
        self._space.do(Apply(function, tuple(operands), place))
        self._waiting = waiting

    def _sum(self, value: Add, place: str) -> None:
        """Add term after term; what has no name yet comes first, and needs no scratch."""
        terms = sorted(value.args, key=lambda term: (_sign(term) < 0, self._is_named(term)))
        first, *rest = terms
        result = self.operand(first, place)
        for term in rest:
            function = "np.subtract" if _sign(term) < 0 else "np.add"
            self._combine(function, result, term * _sign(term), place)
            result = place

    def _product(self, value: Mul, place: str) -> None:
        """Multiply factor by factor, then divide by the divisors."""
        over, under = _numerator(value), _denominator(value)
        factors = sorted((f for f in over if f != -1), key=self._is_named)
        first, *rest = factors or [S.One]
        result = self.operand(first, place)
        for factor in rest:
            self._combine("np.multiply", result, factor, place)
            result = place
        for divisor in under:
            self._combine("np.divide", result, divisor, place)
            result = place
        if -1 in over:
            self._space.do(Apply("np.negative", (result,), place))

    def _combine(self, function: str, result: str, other: Expr, place: str) -> None:
        waiting = self._waiting
        operand = self.operand(other, place if result != place else None)
        self._space.do(Apply(function, (result, operand), place))
        self._waiting = waiting

    def _power(self, value: Pow, place: str) -> None:
        base, exponent = value.args
        if exponent == 2:
            self._apply("np.square", place, base)
        elif exponent == S.Half:
            self._apply("np.sqrt", place, base)
        elif _is_divisor(value):
            self._apply("np.divide", place, S.One, base**-exponent)
        else:
            self._apply("np.power", place, base, exponent)

    def _written(self, value: Expr, place: str) -> None:
        """Write out what is not one of NumPy's functions, as a whole."""
        names = {read: Symbol(self._names[read]) for read in accesses(value)}
        self._space.do(Copy(place, array_code(value.xreplace(names))))

    def _is_named(self, value: Expr) -> bool:
        return value in self._names or value.is_number


def _sign(term: Expr) -> int:
    number, _ = term.as_coeff_Mul()
    return -1 if number.is_negative else 1


def _numerator(value: Mul) -> list[Expr]:
    return [factor for factor in value.args if not _is_divisor(factor)]


def _denominator(value: Mul) -> list[Expr]:
    return [factor.base**-factor.exp for factor in value.args if _is_divisor(factor)]


def _is_divisor(factor: Expr) -> bool:
    return isinstance(factor, Pow) and bool(factor.exp.is_Rational and factor.exp < 0)


def number_text(value: Expr) -> str:
    """Return the text of a number; Python's floats take the type of the arrays beside them."""
    return array_code(value) if value.is_Rational else repr(float(value))


def _is_comparison(value: Expr) -> bool:
    return (
        isinstance(value, Iverson)
        and len(value.args) == 1
        and isinstance(value.args[0], Relational)
        and value.args[0].func in _COMPARISONS
    )
