"""Numbers for symbols: exact rationals, or as many digits as wanted."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Expr, Indexed, Integer, Sum, Symbol

from symcnn.derivation.entries import Entries
from symcnn.equations import Tensor, entry_at
from symcnn.errors import SymcnnError
from symcnn.values import MULTIPRECISION, Values, exact_entries, known


class Point:
    """The values of all entries of a network at given numbers.

    Rationals stay exact until something transcendental; from there on values stay
    unevaluated, or are rounded to ``digits`` where those are given.
    """

    def __init__(
        self,
        entries: Entries,
        tensors: Mapping[str, Tensor],
        values: Values,
        digits: int | None = None,
    ) -> None:
        """Take numbers by the tensors' names; stages are computed when asked for."""
        self._entries, self._tensors, self._digits = entries, tensors, digits
        self._given = {name: exact_entries(v, self._tensor(name)) for name, v in values.items()}
        self._known: dict[Symbol, Expr] = {}

    def put_in(self, expression: Expr) -> Expr:
        """Return the expression with the numbers in it.

        Sums whose limits are numbers are written out. Symbols that are no entry of
        the network, and entries without numbers, stay.
        """
        expression = _written_out(expression)
        if expression.has(Indexed):
            expression = self._entries.scalar(expression)
        numbers = {s: self.value(s) for s in expression.free_symbols}
        with MULTIPRECISION:  # a function of rounded numbers is rounded when it is made
            return self._rounded(expression.xreplace(numbers))

    def value(self, symbol: Symbol) -> Expr:
        """Return the value of one entry."""
        with MULTIPRECISION:
            return self._value(symbol)

    def _value(self, symbol: Symbol) -> Expr:
        """Compute the value of one entry, unless it is known."""
        if symbol not in self._known:
            if self._entries.where(symbol) is not None:
                for read in self._entries.reads(symbol):  # one call deeper for every stage
                    self._value(read)
            number = self._entries.evaluated(symbol, self._known.__getitem__)
            self._known[symbol] = self._leaf(symbol) if number is None else self._rounded(number)
        return self._known[symbol]

    def _leaf(self, symbol: Symbol) -> Expr:
        found = self._entries.where(symbol)
        if found is None or found[0].name not in self._given:
            return symbol
        tensor, position = found
        return self._given[tensor.name][entry_at(position, tensor.shape)]

    def _rounded(self, expression: Expr) -> Expr:
        if self._digits is None or expression.is_Rational:
            return expression
        return expression.evalf(self._digits)

    def _tensor(self, name: str) -> Tensor:
        givens = [n for n, t in self._tensors.items() if t.is_given]
        if name not in givens:
            raise SymcnnError(f"there is no {name!r} to give numbers to: {known(name, givens)}")
        return self._tensors[name]


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
