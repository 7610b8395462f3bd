"""By hand: enumerate the loops, one scalar equation for each entry.

Every entry of every tensor is a symbol; an equation gives it a formula in the symbols
of the stages before. A *staged* formula is one such step. A *closed* formula has
every stage put in, down to input, parameters and target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from sympy import Expr, Indexed, IndexedBase, Integer, Symbol

from symcnn import limits
from symcnn.derivation.adjoint import Routing
from symcnn.derivation.expansion import Expansion
from symcnn.derivation.grounding import grounded
from symcnn.equations import Assignments, Equation, Tensor, accesses, entry_at, position_of
from symcnn.errors import SymcnnError, TooLargeError
from symcnn.functions import Iverson
from symcnn.notation import parse_subscript

Place = tuple[Tensor, tuple[int, ...]]
"""A tensor and the position of one of its entries."""


def enumerated(equation: Equation) -> Assignments:
    """Return the loop assignments of an equation.

    Raises:
        TooLargeError: If there are too many to write them out one by one.
    """
    if equation.terms > limits.ENUMERATED_TERMS:
        raise TooLargeError(
            f"{equation.target} sums {equation.terms:,} terms, more than the "
            f"{limits.ENUMERATED_TERMS:,} that are written out by hand: use the general form"
        )
    return Assignments(equation)


class Entries:
    """The scalar formulas of a list of equations."""

    def __init__(
        self,
        equations: Iterable[Equation],
        tensors: Mapping[IndexedBase, Tensor],
        routings: Iterable[Routing],
    ) -> None:
        """Take the equations; nothing is enumerated before it is asked for."""
        self._tensors = dict(tensors)
        self._labels = {tensor.label: tensor for tensor in tensors.values()}
        self._routings = {routing.tensor.base: routing.source for routing in routings}
        self._defining: dict[IndexedBase, list[Equation]] = {}
        for equation in equations:
            self._defining.setdefault(equation.target.base, []).append(equation)
        self._enumerations: dict[Equation, Assignments] = {}
        self._places: dict[Symbol, Place | None] = {}
        self._formulas: dict[Symbol, Expr] = {}

    def where(self, symbol: Symbol) -> Place | None:
        """Return the tensor and the position that an entry's symbol names, if it is one."""
        if symbol not in self._places:
            self._places[symbol] = self._find(symbol)
        return self._places[symbol]

    def _find(self, symbol: Symbol) -> Place | None:
        label, _, written = symbol.name.rpartition("_")
        tensor = self._labels.get(label or written)
        if tensor is None:
            return None
        try:
            position = parse_subscript(written if label else "", tensor.shape)
            return (tensor, position) if tensor.symbol(position) == symbol else None
        except (ValueError, StopIteration):  # x_foo and x_99 are somebody else's symbols
            return None

    def locate(self, symbol: Symbol) -> Place:
        """Return the tensor and the position of an entry; anything else is an error."""
        found = self.where(symbol)
        if found is None:
            raise SymcnnError(f"{symbol} is not an entry of the network")
        return found

    def formula(self, symbol: Symbol) -> Expr | None:
        """Return an entry in terms of the stages before it; None for what is given."""
        if symbol not in self._formulas:
            found = self.where(symbol)
            if found is None or found[0].base not in self._defining:
                return None
            self._formulas[symbol] = self._write(*found)
        return self._formulas[symbol]

    def terms(self, equation: Equation, tensor: Tensor, position: tuple[int, ...]) -> list[Expr]:
        """Return the reduced terms of one entry, in the order of the loops."""
        listed = self._enumeration(equation)
        rows = listed.of_target(entry_at(position, tensor.shape)).tolist()
        return [self._term(listed, row) for row in rows]

    @cached_property
    def closed(self) -> Expansion:
        """Puts every stage into an expression, down to input, parameters and target."""
        return Expansion(self.formula)

    def scalar(self, expression: Expr) -> Expr:
        """Write T[2, 0, 1] as the entry's symbol, and R[...] as its bracket."""
        return expression.xreplace({read: self._entry(read) for read in accesses(expression)})

    def at(self, expression: Expr, indices: Mapping[Symbol, int]) -> Expr:
        """Write a general form at numbers for its free indices in the entries' symbols."""
        return grounded(expression, indices, self._placed)

    def _write(self, tensor: Tensor, position: tuple[int, ...]) -> Expr:
        return sum(
            (e.reduction.combine(self.terms(e, tensor, position)) for e in self._of(tensor)),
            Integer(0),
        )

    def _of(self, tensor: Tensor) -> list[Equation]:
        return self._defining[tensor.base]

    def _term(self, listed: Assignments, row: int) -> Expr:
        found = {
            read: self._routing(read, row)
            if read.base in self._routings
            else self._symbol(read.base, int(entries[row]))
            for read, entries in listed.reads.items()
        }
        return listed.equation.value.xreplace(found)

    def _routing(self, read: Indexed, row: int) -> Expr:
        """Return R of one loop assignment; an adjoint has the loops of its source."""
        return self._selector(self._enumeration(self._routings[read.base]), row)

    def _selector(self, listed: Assignments, row: int) -> Expr:
        rows = listed.of_target(int(listed.targets[row])).tolist()
        terms = [self._term(listed, other) for other in rows]
        return listed.equation.reduction.selector(terms, rows.index(row))

    def _symbol(self, base: IndexedBase, entry: int) -> Symbol:
        tensor = self._tensors[base]
        return tensor.symbol(position_of(entry, tensor.shape))

    def _entry(self, read: Indexed) -> Expr:
        if not all(position.is_Integer for position in read.indices):
            raise SymcnnError(f"{read} has free indices: put integers in for them first")
        return self._placed(read.base, [int(p) for p in read.indices])

    def _placed(self, base: IndexedBase, position: Sequence[int]) -> Expr:
        if base not in self._routings:
            return self._tensors[base].symbol(position)
        listed = self._enumeration(self._routings[base])
        row = listed.number(position)
        return Iverson(False) if row is None else self._selector(listed, row)

    def _enumeration(self, equation: Equation) -> Assignments:
        if equation not in self._enumerations:
            self._enumerations[equation] = enumerated(equation)
        return self._enumerations[equation]
