"""Why a derivative is 0: a fact about the factors of its terms, at the given numbers.

A term is an error signal times what the weight meets. A derivative that is 0 has only terms with a
factor 0, or its terms cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from sympy import Eq, Expr, Mul, Symbol

from symcnn import limits
from symcnn.derivation import Derivation
from symcnn.document.facts.telling import Value
from symcnn.equations.functions import Iverson
from symcnn.writing.printing.order import summands

Kind = Literal[
    "met", "unselected", "bracket", "lost", "slope", "signal", "product", "cancel", "unknown"
]
"""What is 0: all that the weight meets, as no number selects the weight, as a bracket is 0 in every
term, or for another reason; the error signals of all entries that it reaches, as these
lost their windows, as a layer has slope 0 there, or for another reason; a factor of every term; or
only the sum."""


class Zero(NamedTuple):
    """Why a derivative is 0.

    Attributes:
        kind: What is 0.
        entry: The one entry that all weights with this reason meet, if there is one.
        layer: The layer that has slope 0, or the tensor whose entries select weights.
    """

    kind: Kind
    entry: Symbol | None = None
    layer: str = ""


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
        if not pairs:
            return Zero("unknown")
        signals, met = (
            [self._is_zero(Mul(*own)) for own in side] for side in zip(*pairs, strict=True)
        )
        if all(signals):
            return self._stopped([s for own, _ in pairs for s in own if self._is_zero(s)])
        if all(met) and all(own for own, _ in pairs):
            if closed := self._closed([own for _, own in pairs]):
                return closed
            found = {s for _, own in pairs for f in own for s in f.free_symbols}
            zeros = [symbol for symbol in found if self._is_zero(symbol)]
            alone = len(found) == len(zeros) == 1
            return Zero("met", zeros[0] if alone else None)
        is_product = all(one or other for one, other in zip(signals, met, strict=True))
        return Zero("product" if is_product else "cancel")

    def _closed(self, terms: Iterable[Sequence[Expr]]) -> Zero | None:
        """Return that brackets are 0 in all terms, if they are: of a selection, what selects."""
        found = [{f for f in own if isinstance(f, Iverson) and self._is_zero(f)} for own in terms]
        if not all(found):
            return None
        every = set[Iverson]().union(*found)
        places = [self._derivation.entries.where(s) for f in every for s in f.free_symbols]
        read = {place[0].name for place in places if place is not None}
        selects = all(isinstance(c, Eq) for f in every for c in f.args) and len(read) == 1
        if selects:
            return Zero("unselected", layer=read.pop())
        return Zero("bracket")

    def _pairs(self, slope: Symbol) -> list[tuple[list[Expr], list[Expr]]]:
        """Part each term of a derivative into error signals and what they are multiplied by."""
        entries = self._derivation.entries
        short = entries.count(slope) <= limits.TELLING_TERMS
        formula = entries.formula(slope) if short else None
        return [self._parted(term) for term in summands(formula)] if formula is not None else []

    def _parted(self, term: Expr) -> tuple[list[Expr], list[Expr]]:
        factors = Mul.make_args(term)
        signals = [factor for factor in factors if self._signals(factor)]
        return signals, [factor for factor in factors if factor not in signals]

    def _signals(self, factor: Expr) -> Sequence[str]:
        """Return the tensors whose error signals are in a factor."""
        places = map(self._derivation.entries.where, factor.free_symbols)
        labels = [place[0].label for place in places if place is not None]
        return [self._tensors[label] for label in labels if label in self._tensors]

    def _stopped(self, signals: Iterable[Expr]) -> Zero:
        """Return what stops all of some error signals: nothing that is known, if not one thing."""
        causes = {self._cause(signal) for signal in signals}
        return causes.pop() if len(causes) == 1 else Zero("signal")

    def _cause(self, signal: Expr) -> Zero:
        """Return what stops an error signal, where others arrive that are not 0."""
        (name,) = self._signals(signal) if signal.is_Symbol else ("",)
        steps = self._derivation.steps_by(name) if name else ()
        pairs = self._pairs(signal) if steps else []
        if not pairs or not all(map(self._is_zero, (Mul(*met) for _, met in pairs))):
            return Zero("signal")
        if all(step.routing is not None for step in steps):
            return Zero("lost")
        layers = {self._derivation.tensors[step.source.target.base].name for step in steps}
        is_one = len(layers) == 1 and all(step.routing is None for step in steps)
        return Zero("slope", layer=layers.pop()) if is_one else Zero("signal")

    def _is_zero(self, expression: Expr) -> bool:
        return bool(self._value(expression).is_zero)
