"""The way back from the loss to a given number: which error signals it passes, and what they are.

    dL/dw_23  =  delta_13 x_2 + delta_23 x_3    one term for each position at which w_23 is used

A page walks it stage by stage, and then position by position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Symbol

from symcnn.classroom.interactive.names import Names
from symcnn.derivation import Derivation
from symcnn.document.bindings import Bindings
from symcnn.equations import Tensor
from symcnn.writing.printing.order import summands

_POSITIONS = 16
"""At most so many positions are shown one by one."""

Told = Mapping[str, Any]


class Way:
    """Tells the script of a page what the error signals are."""

    def __init__(self, derivation: Derivation, bindings: Bindings, names: Names) -> None:
        """Take the derivation, the numbers of figures, and what names entries."""
        self._derivation, self._bindings, self._names = derivation, bindings, names
        self._entries: dict[Symbol, Symbol] = {
            adjoint.symbol(position): derivation.network.tensors[name].symbol(position)
            for name, adjoint in derivation.adjoints.items()
            for position in adjoint.positions()
        }

    def stages(self) -> list[list[Told]]:
        """Return what is computed, in the order of the forward pass."""
        given = {tensor.name for tensor in self._derivation.network.given}
        tensors = self._derivation.network.tensors.values()
        return [[*map(self._entry, _symbols(t))] for t in tensors if t.name not in given]

    def slope(self, tensor: Tensor, position: tuple[int, ...]) -> Told | None:
        """Return what the derivative with respect to a given number is, if there is one."""
        adjoint = self._derivation.adjoints.get(tensor.name)
        if adjoint is None or not self._derivation.depends_on(tensor):
            return None
        words = self._names.partial(tensor.symbol(position))
        return self._signal(adjoint.symbol(position), words)

    def _entry(self, symbol: Symbol) -> Told:
        """Return the number of a computed entry, those of what it reads, and its error signal."""
        tensor, position = self._derivation.entries.locate(symbol)
        formula = self._derivation.entries.formula(symbol)
        reads = () if formula is None else sorted(formula.free_symbols, key=str)
        found = self._derivation.adjoints.get(tensor.name)
        is_told = found is not None and self._derivation.depends_on(tensor)
        signal = found.symbol(position) if found is not None and is_told else None
        return {
            "key": self._bindings.key(symbol),
            "label": self._names.name(symbol),
            "reads": [*map(self._bindings.key, reads)],
            "signal": None if signal is None else self._signal(signal, self._names.name(signal)),
        }

    def _signal(self, adjoint: Symbol, name: str) -> Told:
        formula = self._derivation.entries.formula(adjoint)
        assert formula is not None, "every error signal has a formula"
        return {
            "key": self._bindings.key(adjoint),
            "words": name,
            "equation": self._names.equation(name, formula),
            "terms": [*self._terms(adjoint)],
        }

    def _terms(self, adjoint: Symbol) -> Iterator[Told]:
        """Run over the terms of a given number's derivative, each with where it comes from."""
        tensor, _ = self._derivation.entries.locate(self._entries[adjoint])
        terms = summands(self._derivation.entries.formula(adjoint)) if tensor.is_given else []
        if not 1 < len(terms) <= _POSITIONS:
            return
        for term in terms:
            read = sorted(term.free_symbols, key=str)
            yield {
                "key": self._bindings.key(term),
                "words": self._names.name(term),
                "reads": [*map(self._bindings.key, read)],
                "to": [self._bindings.key(self._entries[s]) for s in read if s in self._entries],
            }


def _symbols(tensor: Tensor) -> Iterator[Symbol]:
    return (tensor.symbol(position) for position in tensor.positions())
