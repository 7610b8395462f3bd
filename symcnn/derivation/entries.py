"""By hand: enumerate the loops, one scalar equation for each entry.

Every entry of every tensor is a symbol; an equation gives it a formula in the symbols
of the stages before. A *staged* formula is one such step. A *closed* formula has
every stage put in, down to input, parameters and target.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import inf

import numpy as np
from sympy import Expr, Indexed, IndexedBase, Integer, Mul, Pow, S, Symbol, log, preorder_traversal

from symcnn import limits
from symcnn.derivation.adjoint import Routing
from symcnn.derivation.instantiate import Formula as InEntries
from symcnn.derivation.instantiate import instantiation
from symcnn.equations import (
    Assignments,
    Equation,
    LogSumExp,
    OnDemand,
    Read,
    Sum,
    Summands,
    Tensor,
    Total,
    accesses,
    entry_at,
    is_counted,
    is_position,
    position_of,
)
from symcnn.equations.notation import parse_subscript, split_entry
from symcnn.errors import SymcnnError, TooLargeError

# Putting stages into each other: from a staged formula to a closed one.


Definition = Callable[[Symbol], Expr | None]
Least = Callable[[Symbol, int], int]


class Expansion:
    """Replaces every symbol that has a formula by it, down to those that have none."""

    def __init__(self, formula: Definition, least: Least = lambda symbol, most: 1) -> None:
        """Take what gives a symbol's formula, or None for one that stays, and counts entries.

        Args:
            formula: Gives the formula of a symbol.
            least: Gives a number of nodes that a formula has at the least, without writing it;
                beyond the number that is asked for, any larger one.
        """
        self._formula, self._least = formula, least
        self._closed: dict[Symbol, Expr] = {}
        self._nodes: dict[Symbol, int] = {}

    def __call__(self, expression: Expr, most_nodes: int = limits.CLOSED_FORM_NODES) -> Expr:
        """Put every stage into an expression.

        Raises:
            TooLargeError: If the result would have more than ``most_nodes`` nodes.
        """
        if self.nodes(expression, most_nodes) > most_nodes:
            raise TooLargeError(
                f"the closed form would have more than the {most_nodes:,} operations and operands "
                "that are written out: use staged=True or the general form"
            )
        return self._put_in(expression)

    def nodes(self, expression: Expr, most: float = inf) -> int:
        """Return the size of an expression's closed form, without making it.

        Beyond ``most`` the count stops: the result is then any number larger than that.
        """
        parts = list(preorder_traversal(expression))
        total = len(parts)  # No stage is smaller than its symbol.
        for symbol in (part for part in parts if isinstance(part, Symbol)):
            if total > most:
                break
            total += self._symbol_nodes(symbol, most - total + 1) - 1
        return total

    def _put_in(self, expression: Expr) -> Expr:
        return expression.xreplace({s: self._entry(s) for s in expression.free_symbols})

    def _entry(self, symbol: Symbol) -> Expr:
        if symbol not in self._closed:
            formula = self._formula(symbol)
            self._closed[symbol] = symbol if formula is None else self._put_in(formula)
        return self._closed[symbol]

    def _symbol_nodes(self, symbol: Symbol, most: float) -> int:
        """Count the nodes of a closed form once; a count that was broken off is not kept."""
        if symbol in self._nodes:
            return self._nodes[symbol]
        if most < inf and (least := self._least(symbol, int(most) + 1)) > most:
            return least
        formula = self._formula(symbol)
        nodes = 1 if formula is None else self.nodes(formula, most)
        if nodes <= most:
            self._nodes[symbol] = nodes
        return nodes


Factors = tuple[Fraction, list[Indexed]]
"""A number and the accesses that it is multiplied by."""


def factors_of(equation: Equation) -> Factors | None:
    """Return the factors of the value that is summed; None if it is no product of entries."""
    number, product = equation.value.as_coeff_Mul()
    if not (number.is_Rational and isinstance(equation.reduction, Sum)):
        return None
    reads: list[Indexed] = []
    for factor in Mul.make_args(product):
        base, power = factor.as_base_exp()
        if not (isinstance(base, Indexed) and power.is_Integer and power > 0):
            return None
        reads += [base] * int(power)
    return Fraction(int(number.p), int(number.q)), reads


def is_partial(equation: Equation) -> bool:
    """Tell whether a formula holds a logarithm, a quotient or a root."""
    value = equation.value
    powers = (power for power in value.atoms(Pow) if power.base.has(Indexed))
    if isinstance(equation.reduction, LogSumExp) or value.has(log):
        return True
    return any(not power.exp.is_nonnegative for power in powers)


Place = tuple[Tensor, tuple[int, ...]]
"""A tensor and the position of one of its entries."""


Leaf = Callable[[IndexedBase, int], Expr]
"""What stands for an entry of a tensor: its symbol, or its number."""

Number = Callable[[Symbol], Expr]
"""The number of an entry, by its symbol."""

Listed = Assignments | OnDemand
"""The loop assignments of an equation."""


def _listed(equation: Equation) -> Listed:
    """Return the loop assignments of an equation, of too many those of each entry on demand."""
    few = equation.terms <= limits.LISTED_TERMS
    return Assignments(equation) if few else OnDemand(equation)


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
        self._enumerations: dict[Equation, Listed] = {}
        self._symbols: dict[tuple[IndexedBase, int], Symbol] = {}
        self._places: dict[Symbol, Place | None] = {}
        self._formulas: dict[Symbol, Expr] = {}
        self._products: dict[Equation, Factors | None] = {}
        self._total: dict[IndexedBase, bool] = {}

    def where(self, symbol: Symbol) -> Place | None:
        """Return the tensor and the position that an entry's symbol names, if it is one."""
        if symbol not in self._places:
            self._places[symbol] = self._find(symbol)
        return self._places[symbol]

    def _find(self, symbol: Symbol) -> Place | None:
        """Read a symbol back: its label names the tensor, its subscript the position."""
        label, written = split_entry(symbol.name, self._labels)
        tensor = self._labels.get(label)
        if tensor is None:
            return None
        try:
            position = parse_subscript(written, tensor.shape)
            return (tensor, position) if tensor.symbol(position) == symbol else None
        except ValueError:  # x_foo and x_99 are somebody else's symbols
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
            found = self._computed(symbol)
            if found is None:
                return None
            self._formulas[symbol] = self._write(*found, self._symbol)
        return self._formulas[symbol]

    def count(self, symbol: Symbol) -> int:
        """Return how many loop assignments lead to an entry."""
        return sum(len(rows) for _, rows in self._assigned(*self.locate(symbol)))

    def terms(
        self,
        equation: Equation,
        tensor: Tensor,
        position: tuple[int, ...],
        leaf: Leaf | None = None,
    ) -> list[Expr]:
        """Return the reduced terms of one entry, in the order of the loops."""
        listed = self._enumeration(equation)
        rows = listed.of_target(entry_at(position, tensor.shape)).tolist()
        return [self._term(listed, row, leaf or self._symbol) for row in rows]

    def evaluated(self, symbol: Symbol, number: Number) -> Expr | None:
        """Return an entry by the numbers of the entries before it; None for what is given.

        This is the number of its formula, which is never made.
        """
        found = self._computed(symbol)
        return None if found is None else self._write(*found, lambda *at: number(self._symbol(*at)))

    def products(self, symbol: Symbol) -> Iterator[tuple[Fraction, list[Symbol]]] | None:
        """Run over an entry's terms, each a number and the entries that it is multiplied by.

        Returns:
            None where a term is no such product, or there is no sum, and of what is given.
        """
        found = self._computed(symbol)
        if found is None:
            return None
        equations = self._defining.get(found[0].base, ())
        factors = [made for equation in equations if (made := self._factors(equation))]
        if len(factors) < len(equations):
            return None
        return (
            (number, [self._symbol(read.base, int(listed.reads[read][row])) for read in reads])
            for (listed, rows), (number, reads) in zip(self._assigned(*found), factors, strict=True)
            for row in rows
        )

    def _factors(self, equation: Equation) -> Factors | None:
        if equation not in self._products:
            found = factors_of(equation)
            has_other = found and any(
                read.base in self._routings or is_position(read) for read in found[1]
            )
            self._products[equation] = None if has_other else found
        return self._products[equation]

    def reads(self, symbol: Symbol) -> Iterator[Symbol]:
        """Run over the entries that an entry's formula holds."""
        for listed, rows in self._assigned(*self.locate(symbol)):
            for row in rows:
                yield from self._read(listed, row)

    def different(self, symbol: Symbol, most: int) -> int:
        """Return how many entries of a tensor a formula holds at the least; of ``most`` terms."""
        found = self._computed(symbol)
        different = (
            len({int(entries[row]) for row in rows[:most]})
            for listed, rows in (self._assigned(*found) if found else ())
            for read, entries in listed.reads.items()
            if not is_position(read)
        )
        return max(different, default=1)

    def is_total(self, symbol: Symbol) -> bool:
        """Tell whether an entry's formula has a value at all numbers, as no logarithm has."""
        tensor, _ = self.locate(symbol)
        if tensor.base not in self._total:
            equations = self._defining.get(tensor.base, ())
            self._total[tensor.base] = not any(map(is_partial, equations))
        return self._total[tensor.base]

    @cached_property
    def closed(self) -> Expansion:
        """Puts every stage into an expression, down to input, parameters and target."""
        return Expansion(self.formula, self.different)

    def scalar(self, expression: Expr) -> Expr:
        """Write T[2, 0, 1] as the entry's symbol, and R[...] as its bracket."""
        return expression.xreplace({read: self._entry(read) for read in accesses(expression)})

    def general(self, expression: Expr, number: Number | None = None) -> InEntries:
        """Return what writes a general form in entries; routings at numbers, where it has some."""
        leaf = (lambda *at: number(self._symbol(*at))) if number else self._symbol
        return instantiation(expression, lambda base, position: self._placed(base, position, leaf))

    def _computed(self, symbol: Symbol) -> Place | None:
        """Return where an entry stands, if it is computed; one that has no equations is 0."""
        found = self.where(symbol)
        return found if found and not found[0].is_given and found[0].role != "selector" else None

    def _assigned(
        self, tensor: Tensor, position: tuple[int, ...]
    ) -> Iterator[tuple[Listed, list[int]]]:
        """Run over what defines an entry, each with the loop assignments that lead to it."""
        entry = entry_at(position, tensor.shape)
        for listed in map(self._enumeration, self._defining.get(tensor.base, ())):
            yield listed, listed.of_target(entry).tolist()

    def _write(self, tensor: Tensor, position: tuple[int, ...], leaf: Leaf) -> Expr:
        """Return an entry, written in what stands for the entries read."""
        equations = self._defining.get(tensor.base, ())
        parts = (e.reduction.combine(self.terms(e, tensor, position, leaf)) for e in equations)
        return sum(parts, S.Zero)

    def _term(self, listed: Listed, row: int, leaf: Leaf) -> Expr:
        found = {
            read: self._selector(*self._source(listed, read, row), leaf)
            if read.base in self._routings
            else Integer(int(entries[row]))
            if is_position(read)
            else leaf(read.base, int(entries[row]))
            for read, entries in listed.reads.items()
        }
        return listed.equation.value.xreplace(found)

    def _source(self, listed: Listed, read: Indexed, row: int) -> tuple[Listed, int]:
        """Return the maximum of a routing, and its assignment that R is read in.

        An adjoint that reads R reads it with the loops of its source; what moves with V has more.
        """
        source = self._enumeration(self._routings[read.base])
        own = read.indices == tuple(loop.symbol for loop in source.equation.loops)
        if own and listed.equation.loops == source.equation.loops:
            return source, row
        place = position_of(int(listed.reads[read][row]), self._tensors[read.base].shape)
        found = source.number(place)
        assert found is not None  # the same guards let it through
        return source, found

    def _selector(self, listed: Listed, row: int, leaf: Leaf) -> Expr:
        rows = listed.of_target(int(listed.targets[row])).tolist()
        terms = [self._term(listed, other, leaf) for other in rows]
        return listed.equation.reduction.selector(terms, rows.index(row))

    def _read(self, listed: Listed, row: int) -> Iterator[Symbol]:
        for read, entries in listed.reads.items():
            if read.base in self._routings:
                source, place = self._source(listed, read, row)
                for other in source.of_target(int(source.targets[place])).tolist():
                    yield from self._read(source, other)
            elif not is_position(read):
                yield self._symbol(read.base, int(entries[row]))

    def _symbol(self, base: IndexedBase, entry: int) -> Symbol:
        found = self._symbols.get((base, entry))
        if found is None:
            tensor = self._tensors[base]
            position = position_of(entry, tensor.shape)
            found = self._symbols[base, entry] = tensor.symbol(position)
            self._places[found] = tensor, position
        return found

    def _entry(self, read: Indexed) -> Expr:
        if not all(position.is_Integer for position in read.indices):
            raise SymcnnError(f"{read} has free indices: replace them by integers first")
        return self._placed(read.base, tuple(int(p) for p in read.indices), self._symbol)

    def _placed(self, base: IndexedBase, position: tuple[int, ...], leaf: Leaf) -> Expr:
        if is_counted(base):
            return Integer(position[0])
        if base not in self._routings:
            tensor = self._known(base)
            return self._symbol(base, entry_at(tensor.checked(position), tensor.shape))
        row = (listed := self._enumeration(self._routings[base])).number(position)
        return S.Zero if row is None else self._selector(listed, row, leaf)

    def _known(self, base: IndexedBase) -> Tensor:
        if base not in self._tensors:
            raise SymcnnError(
                f"{base.label} is not a tensor of this network: substitute numbers for the letters "
                "of a formula with at_sizes(derivation, {...})"
            )
        tensor: Tensor = self._tensors[base]
        return tensor

    def _enumeration(self, equation: Equation) -> Listed:
        if equation not in self._enumerations:
            self._enumerations[equation] = _listed(equation)
        return self._enumerations[equation]


# Entries by hand, and those that are sums of so many terms that these stay arrays.


class LongEntries(Entries):
    """The scalar formulas of a list of equations, long sums among them."""

    def checked(self, expression: Expr) -> InEntries:
        """Return what writes a general form in entries to be checked: long sums as arrays."""
        return instantiation(
            expression,
            lambda base, position: self._placed(base, position, self._symbol),
            tensor=self._summed,
        )

    def source(self, selector: Tensor) -> Equation:
        """Return the equation of the maximum that a routing belongs to."""
        return self._routings[selector.base]

    def _summed(self, base: IndexedBase) -> Tensor | None:
        """Return the tensor of a base, unless its entries are counted or chosen."""
        has_other = is_counted(base) or base in self._routings
        return None if has_other else self._tensors.get(base)

    def long(self, symbol: Symbol) -> Total | None:
        """Return an entry as a long sum; None if it is no such sum."""
        found = self._computed(symbol)
        if found is None or found[0].base not in self._defining:
            return None
        parts = [self._summands(e, *found) for e in self._defining[found[0].base]]
        known = tuple(part for part in parts if part is not None)
        total = Total(tuple(part for part in known if part.size))
        return total if len(known) == len(parts) and _is_long(total.size) else None

    def collected(self, equations: Iterable[Equation], symbol: Symbol) -> Expr:
        """Return what equations send to an entry: their terms there, as they are combined.

        A formula that solves its equations for the entry, or reads them in another notation,
        claims these, and what is printed of it is read back against them. Long sums are computed
        from arrays.
        """
        return sum((self._sent(e, *self.locate(symbol)) for e in equations), S.Zero)

    def _sent(self, equation: Equation, tensor: Tensor, position: tuple[int, ...]) -> Expr:
        summands = self._summands(equation, tensor, position)
        if summands is not None and _is_long(summands.size):
            return Total((summands,))
        return equation.reduction.combine(self.terms(equation, tensor, position))

    def _summands(
        self, equation: Equation, tensor: Tensor, position: tuple[int, ...]
    ) -> Summands | None:
        """Return the terms of an entry as arrays; None if they are not summed, or hold a choice."""
        accessed = accesses(equation.value)
        has_other = any(a.base in self._routings or is_position(a) for a in accessed)
        if not accessed or has_other or not isinstance(equation.reduction, Sum):
            return None
        listed = self._enumeration(equation)
        rows = listed.of_target(entry_at(position, tensor.shape))
        reads = {
            a: Read(self._tensors[a.base], np.asarray(listed.reads[a][rows])) for a in accessed
        }
        return Summands(equation.value, reads)


def _is_long(terms: int) -> bool:
    return terms > limits.SPELLED_TERMS
