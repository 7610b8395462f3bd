"""Everything that moves with the entries of one tensor V, entry by entry.

J^z has an entry for each of z and each of V. Of another V it is called alike, so what is said of
several of them, as to whoever checks a document, tells them apart: "J^z_12 by dense1.weight".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, IndexedBase, Symbol

from symcnn.derivation.derivation import Derivation
from symcnn.derivation.entries import LongEntries, Place
from symcnn.derivation.jacobians import Sensitivity
from symcnn.derivation.second_order import SecondOrder, second_order_entries, second_order_tensors
from symcnn.equations import Tensor, written_out

_BY = " by "


@dataclass(frozen=True, repr=False)
class Sensitivities(Derivation):
    """A derivation, with what moves with V.

    Attributes:
        by: V.
        blocks: The blocks of V's columns of the Hessian.
        linear: The same blocks of the Gauss-Newton matrix.
    """

    by: Tensor
    blocks: tuple[SecondOrder, ...]
    linear: tuple[SecondOrder, ...]

    @cached_property
    def tensors(self) -> dict[IndexedBase, Tensor]:
        """Every tensor, with those that move."""
        return {**super().tensors, **second_order_tensors((*self.blocks, *self.linear))}

    @cached_property
    def entries(self) -> LongEntries:
        """The by-hand reading of all equations, with those of second order."""
        return second_order_entries(self, (*self.blocks, *self.linear))

    def labelled(self, expression: Expr) -> Expr:
        """Return an expression whose entries say what they move with."""
        expression = written_out(expression)
        return expression.xreplace(
            {
                s: Symbol(f"{s}{_BY}{self.by.name}", real=True)
                for s in expression.free_symbols
                if self._is_moved(s)
            }
        )

    def _is_moved(self, symbol: Symbol) -> bool:
        found = self.entries.where(symbol)
        return found is not None and isinstance(found[0], Sensitivity)


def sensitivities(derivation: Derivation, by: str, of: Sequence[str]) -> Sensitivities:
    """Return what moves with V, as far as some rows of the Hessian need it."""
    blocks, linear = (
        tuple(derivation.hessian(name, by, gauss_newton=kind) for name in of)
        for kind in (False, True)
    )
    own = derivation.network, derivation.steps, derivation.adjoints, derivation.routings
    return Sensitivities(*own, derivation.network.tensors[by], blocks, linear)


class Located:
    """Finds the entries of a network, and of what moves with several tensors."""

    def __init__(self, derivation: Derivation, moving: Iterable[Sensitivities] = ()) -> None:
        """Take what entries may be of."""
        self._first, self._moving = derivation, {made.by.name: made for made in moving}

    def __call__(self, symbol: Symbol) -> Place:
        """Return the tensor and the position of an entry."""
        if not self._moving:
            return self._first.entries.locate(symbol)
        name, _, by = str(symbol).rpartition(_BY)
        if by in self._moving:
            return self._moving[by].entries.locate(Symbol(name, real=True))
        return self._first.entries.locate(symbol)
