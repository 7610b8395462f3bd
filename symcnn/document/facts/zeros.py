"""Why a derivative is 0: a fact about the factors of its terms, at the given numbers.

A term is an error signal times what the weight meets. A derivative that is 0 has only terms with a
factor 0, or its terms cancel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import prod
from typing import Literal, NamedTuple

from sympy import Eq, Expr, Mul, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.document.facts import patterns
from symcnn.document.facts.example_entry import Value
from symcnn.equations import LogSumExp, accesses
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.summands import summands

Kind = Literal[
    "met", "unselected", "bracket", "lost", "slope", "signal", "apart", "shift", "cancel", "unknown"
]
"""What is 0: all that the weight meets, as no number selects the weight, as a bracket is 0 in every
term, or for another reason; the error signals of all entries that it reaches, as these
lost their windows, as a layer has slope 0 there, or for another reason; what it meets wherever an
error signal is not 0; or only the sum, as a softmax ignores what all its entries have in common, or
for another reason."""


_Pair = tuple[list[Expr], list[Expr]]
"""The error signals of a term, and what they are multiplied by."""


class Zero(NamedTuple):
    """Why a derivative is 0.

    Attributes:
        kind: What is 0.
        entry: The one entry that all weights with this reason meet, or reach, if there is one.
        name: The layer that has slope 0, or whose maxima take others; the tensor whose entries
            select weights, stand in brackets, or are met.
        signal: The tensor whose error signals come back where what is met is 0.
        adds_nothing: Whether there are terms without error signals, of the weight alone, which
            is 0: those of a penalty.
    """

    kind: Kind
    entry: Symbol | None = None
    name: str = ""
    signal: str = ""
    adds_nothing: bool = False


def why_zero(derivation: Derivation, value: Value, slope: Symbol) -> Zero:
    """Return why a derivative is 0."""
    return _Reasons(derivation, value).of(slope)


class _Reasons:
    def __init__(self, derivation: Derivation, value: Value) -> None:
        self._derivation, self._value = derivation, value
        adjoints, tensors = derivation.adjoints, derivation.network.tensors
        self._tensors = {adjoints[name].label: name for name in tensors if name in adjoints}

    def of(self, slope: Symbol) -> Zero:
        pairs = self._pairs(slope)
        own = [pair for pair in pairs if pair[0]]
        rest = [met for signals, met in pairs if not signals]
        if not own:
            return Zero("unknown")
        found = self._of_terms(own)
        if not rest:
            return found
        if not all(self._is_zero(Mul(*met)) for met in rest):
            return Zero("cancel")
        alone = len({s for met in rest for f in met for s in f.free_symbols}) == 1
        return found._replace(adds_nothing=True) if alone else Zero("unknown")

    def _of_terms(self, pairs: Sequence[_Pair]) -> Zero:
        """Return why terms with error signals add up to 0."""
        selected = [pair for pair in pairs if not self._selecting(pair[1])]
        if not selected:
            read = {name for _, met in pairs for name in self._selecting(met)}
            return Zero("unselected", name=read.pop()) if len(read) == 1 else Zero("unknown")
        signals, met = ([*map(self._vanishes, side)] for side in zip(*selected, strict=True))
        if all(signals):
            return self._stopped([s for own, _ in selected for s in own if self._is_zero(s)])
        if all(met):
            return self._met([own for _, own in selected])
        if all(one or other for one, other in zip(signals, met, strict=True)):
            return self._apart(selected)
        softmax = self._shifted(selected)
        return Zero("shift", name=softmax) if softmax else Zero("cancel")

    def _shifted(self, pairs: Sequence[_Pair]) -> str:
        """Return the softmax to all entries of which a weight is added, if it is to each row's."""
        alone = [own[0] for own, met in pairs if not (met or own[1:])]
        places = [self._derivation.entries.where(signal) for signal in alone if signal.is_Symbol]
        if len(places) < len(pairs) or None in places:
            return ""
        found = [(self._tensors[place[0].label], place[1]) for place in places if place]
        name, *others = {name for name, _ in found}
        softmax, along = self._softmax_of(name) if not others else ("", [])
        rows = Counter(
            tuple(i for axis, i in enumerate(position) if axis not in along)
            for position in {position for _, position in found}
        )
        shape = self._derivation.network.tensors[name].shape
        return softmax if {*rows.values()} == {prod(shape[axis] for axis in along)} else ""

    def _softmax_of(self, name: str) -> tuple[str, Sequence[int]]:
        """Return the softmax that alone reads a tensor, and the axes along which it sums."""
        every, tensor = self._derivation.network.equations, self._derivation.network.tensors[name]
        readers = [e for e in every if any(a.base == tensor.base for a in accesses(e.value))]
        whole = [e for e in readers if isinstance(e.reduction, LogSumExp) and e.value.is_Indexed]
        made = [e for e in readers if e not in whole and not e.guards]
        if len(readers) != 2 or len(whole) != 1 or len(made) != 1 or whole[0].guards:
            return "", []
        found = patterns.softmax(made[0].value, every) or patterns.log_softmax(made[0].value, every)
        reduced = {loop.symbol for loop in whole[0].reduced}
        if found is None or found[0].base != tensor.base or found[1].base != whole[0].target.base:
            return "", []
        along = [axis for axis, index in enumerate(whole[0].value.indices) if index in reduced]
        return self._derivation.tensors[made[0].target.base].name, along

    def _vanishes(self, factors: Sequence[Expr]) -> bool:
        return self._is_zero(Mul(*factors))

    def _met(self, terms: Sequence[Sequence[Expr]]) -> Zero:
        """Return what is 0 of all that a weight meets: brackets, one entry, or several."""
        closed = [{f for f in own if isinstance(f, Iverson) and self._is_zero(f)} for own in terms]
        if all(closed):
            read = set[str]().union(*(self._read(f) for own in closed for f in own))
            return Zero("bracket", name=read.pop()) if len(read) == 1 else Zero("unknown")
        found = {s for own in terms for f in own for s in f.free_symbols}
        zeros = [symbol for symbol in found if self._is_zero(symbol)]
        alone = len(found) == len(zeros) == 1
        return Zero("met", zeros[0] if alone else None)

    def _apart(self, pairs: Sequence[_Pair]) -> Zero:
        """Return what a weight meets zeros of wherever an error signal is not 0, if one tensor."""
        signals = {name for own, _ in pairs for factor in own for name in self._signals(factor)}
        met = set[str]()
        for own, others in pairs:
            if not self._vanishes(own):
                zeros = [f for f in others if f.is_Symbol and self._is_zero(f)]
                met |= {name for f in zeros for name in self._read(f)} or {""}
        if len(signals) != 1 or len(met) != 1 or "" in met:
            return Zero("unknown")
        return Zero("apart", name=met.pop(), signal=signals.pop())

    def _selecting(self, factors: Iterable[Expr]) -> set[str]:
        """Return the tensors whose entries do not select the weight of a term, if it is not."""
        closed = (f for f in factors if isinstance(f, Iverson) and self._is_zero(f))
        equal = (f for f in closed if all(isinstance(c, Eq) for c in f.args))
        return {name for f in equal for name in self._read(f)}

    def _read(self, factor: Expr) -> set[str]:
        """Return the tensors of the entries in a factor."""
        places = map(self._derivation.entries.where, factor.free_symbols)
        return {place[0].name for place in places if place is not None}

    def _pairs(self, slope: Symbol) -> list[_Pair]:
        """Part each term of a derivative into error signals and what they are multiplied by."""
        entries = self._derivation.entries
        short = entries.count(slope) <= limits.TELLING_TERMS
        formula = entries.formula(slope) if short else None
        return [self._parted(term) for term in summands(formula)] if formula is not None else []

    def _parted(self, term: Expr) -> _Pair:
        factors = Mul.make_args(term)
        signals = [factor for factor in factors if self._signals(factor)]
        return signals, [factor for factor in factors if factor not in signals]

    def _signals(self, factor: Expr) -> Sequence[str]:
        """Return the tensors whose error signals are in a factor."""
        places = map(self._derivation.entries.where, factor.free_symbols)
        labels = [place[0].label for place in places if place is not None]
        return [self._tensors[label] for label in labels if label in self._tensors]

    def _stopped(self, signals: Sequence[Expr]) -> Zero:
        """Return what stops all of some error signals: nothing that is known, if not one thing."""
        causes = {self._cause(signal) for signal in signals}
        found = causes.pop() if len(causes) == 1 else Zero("signal")
        return found._replace(entry=self._entry(signals[0]) if len({*signals}) == 1 else None)

    def _entry(self, signal: Expr) -> Symbol | None:
        """Return the entry that an error signal is of."""
        place = self._derivation.entries.where(signal) if signal.is_Symbol else None
        if place is None:
            return None
        tensor, position = place
        name = self._tensors[tensor.label]
        return self._derivation.network.tensors[name].symbol(position)

    def _cause(self, signal: Expr) -> Zero:
        """Return what stops an error signal, where others arrive that are not 0."""
        (name,) = self._signals(signal) if signal.is_Symbol else ("",)
        steps = self._derivation.steps_by(name) if name else ()
        pairs = self._pairs(signal) if steps else []
        if not pairs or not all(self._vanishes(met) for _, met in pairs):
            return Zero("signal")
        layers = {self._derivation.tensors[step.source.target.base].name for step in steps}
        routed = {step.routing is not None for step in steps}
        if len(layers) > 1 or len(routed) > 1:
            return Zero("signal")
        return Zero("lost" if routed.pop() else "slope", name=layers.pop())

    def _is_zero(self, expression: Expr) -> bool:
        return bool(self._value(expression).is_zero)
