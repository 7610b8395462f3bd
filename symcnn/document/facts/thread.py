"""The thread of a document: one weight, and an entry of every tensor that is met on its way.

The derivative with respect to a weight is a sum. Its largest term holds an error signal, whose own
largest term holds the next one, and so back to the loss; what the rows of the forward pass read at
these entries is met on the way, too. These are the entries that a document works out, so that a
reader can follow one number from the first page to the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sympy import Expr, Mul, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.derivation.entries import Place
from symcnn.document.facts.example_entry import (
    Choose,
    Position,
    Value,
    are_cancelling,
    candidates,
    is_one,
)
from symcnn.equations import Tensor
from symcnn.equations.functions import maximum
from symcnn.network.stage import Stage
from symcnn.reference.enclosures import to_decimal
from symcnn.writing.printing.summands import summands


@dataclass(frozen=True)
class Thread:
    """One weight, and what is met on the way from it to the loss.

    Attributes:
        name: The tensor of the weight.
        position: Which entry of it the weight is.
        positions: An entry of every tensor on the way, by the labels of the tensors.
    """

    name: str
    position: Position
    positions: Mapping[str, Position]


@dataclass(frozen=True)
class Choice:
    """Chooses the entry of a tensor that is worked out.

    Attributes:
        thread: The weight that is followed, if there is one.
        elsewhere: What chooses the entry of a tensor that it does not meet.
    """

    thread: Thread | None
    elsewhere: Choose

    def entry(self, tensor: Tensor) -> Position:
        """Return the entry that is met, or another."""
        found = self.thread.positions.get(tensor.label) if self.thread else None
        return self.elsewhere(tensor) if found is None else found


def thread(derivation: Derivation, value: Value) -> Thread | None:
    """Return the thread of the weight whose way is the easiest to follow, if there are weights.

    It is one of the first layer that has weights: no maximum on its way is tied, no row is 0 and
    no sum cancels, if that can be had. Among such weights it has the most terms that are not 0,
    then the fewest factors of 1, which hide what is multiplied, then the largest derivative.

    Args:
        derivation: The derivation of a network.
        value: The value of an expression of entries; with values that do not depend on the
            numbers, such as ``alike``, nor does the thread.
    """
    for stage in derivation.network.stages:
        places = [place for t in stage.parameters.values() for place in _weights(derivation, t)]
        if places:
            ways = (_Way(derivation, value, *place) for place in places)
            return max(ways, key=_Way.ease).thread
    return None


def thread_of(derivation: Derivation, value: Value, name: str, position: Position) -> Thread:
    """Return the thread of one entry with respect to which there is a derivative."""
    return _Way(derivation, value, derivation.network.tensors[name], position).thread


def _weights(derivation: Derivation, tensor: Tensor) -> Iterator[Place]:
    """Run over the entries of a parameter that are multiplied by what they meet, as no bias is."""
    if tensor.name not in derivation.adjoints:
        return
    for position in candidates(tensor):
        symbol = derivation.adjoints[tensor.name].symbol(position)
        terms = _Formulas(derivation).terms(symbol)
        if any(len(term.free_symbols) > 1 for term in terms):
            yield tensor, position


@dataclass(frozen=True)
class _Formulas:
    """The formulas of entries that are short enough to be looked at."""

    derivation: Derivation

    def terms(self, symbol: Symbol) -> list[Expr]:
        """Return the terms of an entry; none of what is given, or has too many."""
        entries = self.derivation.entries
        if entries.locate(symbol)[0].is_given or entries.count(symbol) > limits.TELLING_TERMS:
            return []
        formula = entries.formula(symbol)
        return [] if formula is None else summands(formula)

    def places(self, term: Expr) -> list[Place]:
        """Return the entries that a term holds."""
        found = map(self.derivation.entries.where, sorted(term.free_symbols, key=str))
        return [place for place in found if place is not None]


class _Way:
    """The way from the loss to one weight, by the largest term of each sum."""

    def __init__(
        self, derivation: Derivation, value: Value, weight: Tensor, position: Position
    ) -> None:
        self._derivation, self._value = derivation, value
        self._formulas = _Formulas(derivation)
        self._weight, self._position = weight, position
        self._positions: dict[str, Position] = {weight.label: position}
        self._rows: list[list[Expr]] = []
        self._signal = derivation.adjoints[weight.name].symbol(position)
        self._onward(self._back())
        self._forward()

    @property
    def thread(self) -> Thread:
        """What is met on the way."""
        return Thread(self._weight.name, self._position, self._positions)

    @cached_property
    def _tensors(self) -> dict[str, Tensor]:
        """The tensors with respect to which there are derivatives, by the labels of these."""
        network, adjoints = self._derivation.network, self._derivation.adjoints
        return {adjoints[t.name].label: t for t in network.tensors.values() if t.name in adjoints}

    def _back(self) -> Place:
        """Follow error signals from the weight to the loss; return the last entry that has one."""
        signal: Symbol | None = self._signal
        last = self._weight, self._position
        terms: list[Expr] = []
        while signal is not None:
            tensor, position = self._derivation.entries.locate(signal)
            last = self._tensors[tensor.label], position
            self._meet((tensor, position))
            self._meet(last)
            terms = self._terms(signal)
            signal = self._next(terms)
        for term in sorted(terms, key=self._size, reverse=True):  # of the first error signal
            for place in self._formulas.places(term):
                self._meet(place)
        return last

    def _onward(self, last: Place) -> None:
        """Meet what is computed from an entry whose error signal no formula names, as it is 1."""
        for stage in self._derivation.network.stages:
            reads = (*stage.inputs, *stage.parameters.values())
            if last[0].label in {tensor.label for tensor in reads}:
                last = self._through(stage, last)

    def _through(self, stage: Stage, entry: Place) -> Place:
        """Meet an entry of each tensor that a layer makes, and return the last one."""
        line = [entry]
        for tensor in (*stage.auxiliaries.values(), stage.output):
            if tensor.label not in self._positions and (found := self._reader(tensor, line)):
                self._meet((tensor, found))
            if tensor.label in self._positions:
                line.append((tensor, self._positions[tensor.label]))
        return line[-1]

    def _reader(self, tensor: Tensor, line: list[Place]) -> Position | None:
        """Return the entry to which the first of some others that is read contributes most."""
        for read, position in line:
            symbol = read.symbol(position)
            alike = [position] if read.shape == tensor.shape else []
            shares = {
                place: self._size(term)
                for place in (*alike, *candidates(tensor))
                for term in sorted(self._formulas.terms(tensor.symbol(place)), key=self._size)
                if symbol in term.free_symbols
            }
            if shares:
                return max(shares, key=shares.__getitem__)
        return None

    def _next(self, terms: list[Expr]) -> Symbol | None:
        """Return the error signal in the largest term that has one, and meet what is beside it."""
        for term in sorted(terms, key=self._size, reverse=True):
            places = self._formulas.places(term)
            signals = [place for place in places if place[0].label in self._tensors]
            if signals:
                for place in places:
                    if place not in signals:
                        self._meet(place)
                tensor, position = signals[0]
                return tensor.symbol(position)
        return None

    def _forward(self) -> None:
        """Meet what the forward pass reads at the entries on the way, from the loss on."""
        for tensor in reversed(self._derivation.network.tensors.values()):
            if tensor.label in self._positions and not tensor.is_given:
                terms = self._terms(tensor.symbol(self._positions[tensor.label]))
                for term in sorted(terms, key=self._size, reverse=True):
                    for place in self._formulas.places(term):
                        self._meet(place)
        for label, tensor in self._tensors.items():
            if tensor.label in self._positions:
                self._positions.setdefault(label, self._positions[tensor.label])

    def _meet(self, place: Place) -> None:
        tensor, position = place
        self._positions.setdefault(tensor.label, position)

    def _terms(self, symbol: Symbol) -> list[Expr]:
        """Return the terms of an entry on the way, whose row a document has."""
        terms = self._formulas.terms(symbol)
        if terms:
            self._rows.append(terms)
        return terms

    def _size(self, term: Expr) -> Decimal:
        return abs(to_decimal(self._value(term)))

    def ease(self) -> tuple[int, int, int, int, int, Decimal]:
        """Tell how easy the way is to follow."""
        ties = zeros = cancelling = ones = 0
        for terms in self._rows:
            values = [self._value(term) for term in terms]
            counted = [term for term, v in zip(terms, values, strict=True) if not v.is_zero]
            ties += any(map(self._is_tied, terms))
            zeros += not counted
            if len(terms) <= limits.WRITTEN_TERMS:
                cancelling += are_cancelling(values)
                ones += sum(map(self._ones, counted))
        most = len([term for term in self._formulas.terms(self._signal) if self._size(term)])
        return -ties, -zeros, -cancelling, most, -ones, self._size(self._signal)

    def _is_tied(self, term: Expr) -> bool:
        """Tell whether two entries are the largest of a maximum."""
        return any(
            sum(bool((self._value(a) - self._value(top)).is_zero) for a in largest.args) > 1
            for largest in term.atoms(maximum)
            for top in [max(largest.args, key=lambda a: to_decimal(self._value(a)))]
        )

    def _ones(self, term: Expr) -> int:
        """Count the entries that are 1, or -1, among the factors of a term."""
        factors = (factor for factor in Mul.make_args(term) if factor.free_symbols)
        return sum(is_one(self._value(factor)) for factor in factors)
