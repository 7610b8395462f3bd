"""Numbers for symbols, exactly: what is transcendental stays as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sympy import Add, Expr, Indexed, Integer, Sum, Symbol

from symcnn.derivation.entries import Entries
from symcnn.equations import Tensor, entry_at
from symcnn.equations.values import Row, Values, exact_entries, known
from symcnn.errors import SymcnnError


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
