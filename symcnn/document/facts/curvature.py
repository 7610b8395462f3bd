"""The blocks of the Hessian that a document gives, with what moves and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr

from symcnn import limits
from symcnn.derivation.second_order import SecondOrder
from symcnn.derivation.sensitivities import MovingWith


@dataclass(frozen=True)
class Curvature:
    """Second derivatives of the loss.

    Attributes:
        moving: What moves with each second variable, in the order of the network.
        values: The value of any expression of its entries, by the second variable's name; nothing
            where the network is too large for numbers.
        error: The largest difference of a printed number from a second computation; None where
            no number is printed.
        pairs: How many pairs of parameters there are, if those of different ones are too many.
        are_chosen: Whether the pairs were chosen one by one.
    """

    moving: tuple[MovingWith, ...]
    values: Mapping[str, Callable[[Expr], Expr]]
    error: float | None = None
    pairs: int | None = None
    are_chosen: bool = False

    @property
    def entries(self) -> int:
        """The number of entries of all blocks."""
        return sum(int(block.result.size) for made in self.moving for block in made.blocks)

    def is_printed(self, block: SecondOrder) -> bool:
        """Tell whether the numbers of a block are written out."""
        is_small = block.result.size <= limits.HESSIAN_PRINTED
        return bool(self.values and block.groups) and is_small
