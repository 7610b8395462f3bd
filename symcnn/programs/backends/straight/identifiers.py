"""Identifiers of entries, the same in every language.

The terms of a sum are printed in the order of their names, so that floats are rounded in the same
way wherever the same names are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Expr, Symbol

from symcnn.equations import Tensor
from symcnn.programs.backends.python.listing import RESERVED
from symcnn.programs.backends.python.names import Names

LOSS, PACKED, MADE = "loss", "partials", "stages"
"""What programs call the loss, all gradients and all outputs."""


class Identifiers:
    """Every entry under one identifier.

    Attributes:
        arguments: The tensors that are given, by identifiers of their own.
        numbers: The identifiers of all their entries.
    """

    def __init__(self, given: Sequence[Tensor]) -> None:
        """Take the tensors that are given."""
        self._names = Names({*RESERVED, LOSS, PACKED, MADE})
        self._written = dict[Symbol, Symbol]()
        self.arguments = {self._names.fresh(tensor.name): tensor for tensor in given}
        self.numbers = self.entries(given)

    def entries(self, tensors: Iterable[Tensor]) -> list[str]:
        """Return the identifiers of all entries of some tensors."""
        return [self.name(t.symbol(p)) for t in tensors for p in t.positions()]

    def name(self, symbol: Symbol) -> str:
        """Return the identifier of an entry."""
        if symbol not in self._written:
            self._written[symbol] = Symbol(self._names.fresh(symbol.name), real=True)
        return self._written[symbol].name  # type: ignore[no-any-return]

    def written(self, value: Expr) -> Expr:
        """Return a value with the identifiers of the entries that have one."""
        return value.xreplace(self._written)
