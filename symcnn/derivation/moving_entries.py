"""Entry by entry: everything that moves with the entries of one tensor V."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import IndexedBase

from symcnn.derivation.derived import Derived
from symcnn.derivation.entries import Entries
from symcnn.derivation.second_order import SecondOrder
from symcnn.equations import Equation, Tensor


def moving(blocks: Sequence[SecondOrder]) -> dict[Tensor, tuple[Equation, ...]]:
    """Return what moves in blocks, with its equations."""
    return dict(group for block in blocks for group in block.groups)


def moving_tensors(blocks: Sequence[SecondOrder]) -> dict[IndexedBase, Tensor]:
    """Return what moves, and the second derivatives that are 0, by their bases."""
    results = (block.result for block in blocks)
    return {tensor.base: tensor for tensor in (*moving(blocks), *results)}


def moving_entries(derivation: Derived, blocks: Sequence[SecondOrder]) -> Entries:
    """Return the by-hand reading of all equations, with those of blocks that V has columns in."""
    derivation.network.check_numbers()
    further = (equation for own in moving(blocks).values() for equation in own)
    backward = (step.equation for step in derivation.steps)
    return Entries(
        (*derivation.network.equations, *backward, *further),
        {**derivation.tensors, **moving_tensors(blocks)},
        derivation.routings,
    )
