"""The values of all entries at given numbers: rationals, and digits that are certain.

A rational stays a rational until something transcendental. From there on a value is
enclosed; as long as a digit that is handed out is uncertain, or a comparison that decides,
everything that it depends on is enclosed anew with more digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import InvalidOperation
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any, Protocol

from sympy import Add, Expr, Indexed, Integer, Rational, Sum, Symbol

from symcnn.derivation.entries import Entries
from symcnn.equations import Tensor, entry_at
from symcnn.equations.values import MULTIPRECISION, Row, Values, exact_entries, known
from symcnn.errors import NotFiniteError, SymcnnError
from symcnn.reference import Dual, evaluate, exact_numbers
from symcnn.reference.enclosures import (
    GUARD,
    ZERO,
    Number,
    Precision,
    UndecidedError,
    attempts,
    from_sympy,
    to_sympy,
    without_value,
)

# Numbers for symbols, exactly: what is transcendental stays as it is written.


class Given:
    """The exact numbers of everything given."""

    def __init__(self, entries: Entries, tensors: Mapping[str, Tensor], values: Values) -> None:
        """Take numbers by tensor name.

        Raises:
            SymcnnError: If a name is not known, or a shape is wrong.
        """
        self._entries = entries
        givens = {name: tensor for name, tensor in tensors.items() if tensor.is_given}
        for name in values:
            if name not in givens:
                names = known(name, list(givens))
                raise SymcnnError(f"the network takes no numbers for {name!r}: {names}")
        self._numbers: Mapping[str, Sequence[Expr]] = {
            name: _exact(v, givens[name]) for name, v in values.items()
        }

    def __call__(self, symbol: Symbol) -> Expr | None:
        """Return the number of an entry; None for what has none."""
        found = self._entries.where(symbol)
        if found is None or found[0].name not in self._numbers:
            return None
        tensor, position = found
        return self._numbers[tensor.name][entry_at(position, tensor.shape)]


def _exact(value: Any, tensor: Tensor) -> Sequence[Expr]:
    """Return all numbers of a tensor exactly; those of a row become exact when they are read."""
    if isinstance(value, Row) and len(value) == tensor.size:
        return value
    return exact_entries(value, tensor)


class Substitution:
    """Puts exact numbers in; the values of entries are computed when they are asked for."""

    def __init__(self, entries: Entries, given: Given) -> None:
        """Take what is given."""
        self._entries, self._given = entries, given
        self._known: dict[Symbol, Expr] = {}

    def __call__(self, expression: Expr) -> Expr:
        """Return the expression with the numbers in it.

        Sums whose limits are numbers are written out. Symbols that are no entry of
        the network, and entries without numbers, stay.
        """
        expression = scalar(expression, self._entries)
        return expression.xreplace({s: self._value(s) for s in expression.free_symbols})

    def _value(self, symbol: Symbol) -> Expr:
        waiting = [] if symbol in self._known else [(symbol, self._reads(symbol))]
        while waiting:  # not a call for every stage: networks are deeper than Python's stack
            entry, reads = waiting[-1]
            unknown = next((read for read in reads if read not in self._known), None)
            if unknown is None:
                self._known[entry] = self._computed(entry)
                waiting.pop()
            else:
                waiting.append((unknown, self._reads(unknown)))
        return self._known[symbol]

    def _reads(self, symbol: Symbol) -> Iterator[Symbol]:
        return iter(()) if self._entries.where(symbol) is None else self._entries.reads(symbol)

    def _computed(self, symbol: Symbol) -> Expr:
        number = self._entries.evaluated(symbol, self._known.__getitem__)
        if number is not None:
            return number
        leaf = self._given(symbol)
        return symbol if leaf is None else leaf


def scalar(expression: Expr, entries: Entries) -> Expr:
    """Return an expression in entries alone: sums written out, T[2, 0, 1] as a symbol."""
    expression = _written_out(expression)
    return entries.scalar(expression) if expression.has(Indexed) else expression


def _written_out(expression: Expr) -> Expr:
    """Return the expression with every sum of integer limits as its terms.

    SymPy's own ``doit`` gives the same terms; it first looks for closed forms, which sums
    of a network's entries do not have, and is some thirty times slower.
    """
    if not expression.has(Sum):
        return expression
    if not isinstance(expression, Sum):
        return expression.func(*map(_written_out, expression.args))
    *inner, (symbol, low, high) = expression.limits
    if not (low.is_Integer and high.is_Integer):
        return expression
    body = Sum(expression.function, *inner) if inner else expression.function
    values = range(int(low), int(high) + 1)
    return Add(*(_written_out(body.xreplace({symbol: Integer(n)})) for n in values))


class Numbers(Protocol):
    """The numbers of everything given."""

    def number(self, symbol: Symbol, precision: Precision) -> Number | None:
        """Return the number of an entry; None for what has none."""

    def put_in(self, expression: Expr) -> Expr:
        """Return an expression with those numbers in it that there are."""


class Exactly:
    """Numbers that are given exactly."""

    def __init__(self, entries: Entries, given: Given) -> None:
        """Take them."""
        self._given, self._substitution = given, Substitution(entries, given)

    def number(self, symbol: Symbol, precision: Precision) -> Number | None:
        """Return the number of an entry."""
        found = self._given(symbol)
        return None if found is None else from_sympy(found, precision)

    def put_in(self, expression: Expr) -> Expr:
        """Return an expression with the numbers in it."""
        return self._substitution(expression)


class AfterStep:
    """The numbers after one step of gradient descent, such as w - rate * dL/dw."""

    def __init__(self, before: Point, moves: Mapping[Symbol, Expr]) -> None:
        """Take the values before the step, and what every entry that moves becomes."""
        self._before, self._moves = before, moves

    def number(self, symbol: Symbol, precision: Precision) -> Number | None:
        """Return the number of an entry, moved if it has a slope."""
        return self._before.number(self._moves.get(symbol, symbol), precision)

    def put_in(self, expression: Expr) -> Expr:
        """Return the expression as it is: nothing in it has a number."""
        return expression


class Point:
    """The values of all entries of a network at given numbers.

    Attributes:
        digits: The digits of a value that is not rational; all of them are certain.
        doubts: The entries at which the last attempt could not tell two numbers apart, and
            took them for equal.
    """

    def __init__(self, entries: Entries, given: Numbers, digits: int) -> None:
        """Take what is given; values are computed when they are asked for."""
        self.digits = digits
        self.doubts: dict[Expr, None] = {}
        self._entries, self._given = entries, given
        self._rationals: dict[Symbol, Expr] = {}
        self._values: dict[Expr, Expr] = {}
        self._enclosed: dict[int, _Enclosed] = {}

    def value(self, expression: Expr) -> Expr:
        """Return the value of an entry, or of an expression of entries.

        Symbols that are no entry of the network, and entries without numbers, stay.

        Raises:
            NotFiniteError: If there is no value, as the logarithm of 0 has none.
        """
        if expression in self._rationals:
            return self._rationals[expression]
        with MULTIPRECISION:  # threads share what was found
            if expression not in self._values:
                self._values[expression] = self._found(expression)
            return self._values[expression]

    def put_in(self, expression: Expr) -> Expr:
        """Return the value of any expression that symcnn returned.

        Sums whose limits are numbers are written out.
        """
        return self.value(scalar(expression, self._entries))

    def number(self, expression: Expr, precision: Precision) -> Number:
        """Return the value of an expression to some precision.

        Raises:
            UndecidedError: If more digits are needed to tell which entry is the largest.
        """
        with MULTIPRECISION:
            return self._to(precision)(expression)

    def _found(self, expression: Expr) -> Expr:
        """Return the first value whose digits are all certain."""
        for precision in attempts(self.digits + GUARD):
            try:
                return self._certain(expression, self._to(precision))
            except UndecidedError:
                continue
            except ArithmeticError as error:
                raise NotFiniteError(
                    f"{expression} is {without_value(error)}: use smaller values or weights"
                ) from None
            except _MissingError:
                return self._given.put_in(expression).evalf(self.digits)
        raise AssertionError("the last attempt decides")

    def _certain(self, expression: Expr, enclosed: _Enclosed) -> Expr:
        number, doubts = enclosed(expression), enclosed.precision.doubts
        made = to_sympy(number, self.digits)
        if enclosed.precision.doubts > doubts:
            self.doubts[expression] = None
        return made

    def _to(self, precision: Precision) -> _Enclosed:
        if precision.digits not in self._enclosed:
            made = _Enclosed(self._entries, self._given, precision, self._rationals, self.doubts)
            self._enclosed[precision.digits] = made
        return self._enclosed[precision.digits]


class _MissingError(Exception):
    """There is no number for a symbol."""


class _Enclosed:
    """The values of entries to one precision."""

    def __init__(
        self,
        entries: Entries,
        given: Numbers,
        precision: Precision,
        rationals: dict[Symbol, Expr],
        doubts: dict[Expr, None],
    ) -> None:
        """Take what is given, and where to write down what is known exactly, and not known."""
        self.precision = Precision(precision.digits, last=precision.last)
        self._entries, self._given, self._kind = entries, given, exact_numbers(self.precision)
        self._rationals, self._doubts = rationals, doubts
        self._known: dict[Any, Dual] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave functions and what was found behind: another process finds it for itself."""
        made = self._entries, self._given, self.precision, self._rationals, self._doubts
        return _Enclosed, made

    def __call__(self, expression: Expr) -> Number:
        """Return the value of an expression of entries."""
        for symbol in expression.free_symbols:
            self._learn(symbol)
        return self._evaluated(expression)

    def _learn(self, symbol: Symbol) -> None:
        if symbol in self._known:
            return
        if symbol in self._rationals:
            self._known[symbol] = Dual(from_sympy(self._rationals[symbol], self.precision))
            return
        if self._entries.where(symbol) is not None:
            for read in self._entries.reads(symbol):  # one call deeper for every stage
                self._learn(read)
        doubts = self.precision.doubts
        found = self._computed(symbol)
        self._known[symbol] = Dual(found)
        if isinstance(found, Fraction):
            self._rationals[symbol] = Rational(found.numerator, found.denominator)
        if self.precision.doubts > doubts:
            self._doubts[symbol] = None

    def _computed(self, symbol: Symbol) -> Number:
        """Return a given number, or that of a formula."""
        try:
            found = self._by_formula(symbol)
        except ArithmeticError as error:
            if isinstance(error, InvalidOperation):  # an infinite bound: with more digits none is
                self.precision.undecided()
            tensor, _ = self._entries.locate(symbol)
            held = f"the formula of {symbol} contains {without_value(error)}"
            raise NotFiniteError(
                f"{tensor.name} is undefined: {held}: choose values or weights at which it is "
                "defined"
            ) from None
        if found is None:
            found = self._given.number(symbol, self.precision)
        if found is None:
            raise _MissingError
        return found

    def _by_formula(self, symbol: Symbol) -> Number | None:
        """Return the number of an entry's formula; None for what is given."""
        added = self._added(symbol)
        if added is not None:
            return added
        # SymPy makes 0 of 0 log(-1): what may have no value is evaluated as it is written.
        known = self._rationals if self._entries.is_total(symbol) else {}
        formula = self._entries.evaluated(symbol, lambda read: known.get(read, read))
        return None if formula is None else self._evaluated(formula)

    def _added(self, symbol: Symbol) -> Number | None:
        """Return an entry that is a sum of products, without making its formula.

        Returns:
            None where it is none, or several terms have the same factors that are not rational:
            SymPy collects these, and they may cancel.
        """
        terms = self._entries.products(symbol)
        if terms is None:
            return None
        rational, enclosed = ZERO, dict[frozenset[Symbol], Number]()
        for number, factors in terms:
            product = reduce(mul, (self._known[factor].value for factor in factors), number)
            if isinstance(product, Fraction):
                rational += product
                continue
            irrational = frozenset(f for f in factors if f not in self._rationals)
            if irrational in enclosed:
                return None
            enclosed[irrational] = product
        return reduce(add, enclosed.values(), rational)

    def _evaluated(self, expression: Expr) -> Number:
        if expression.is_Rational:
            return Fraction(int(expression.p), int(expression.q))
        return evaluate(expression, self._known, self._kind).value  # type: ignore[no-any-return]
