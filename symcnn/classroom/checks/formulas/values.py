"""The value of a formula, for all of its free indices at once.

An array has an axis for every index in scope, in their order, and behind these the axes of whole
arrays such as W in ``W x``. What is read outside of a tensor is 0, and so is an entry whose index
is no whole number.
"""

from __future__ import annotations

import numpy as np

from symcnn.classroom.checks.formulas.entries import NoValueError, Scope
from symcnn.classroom.checks.formulas.operations import RULES
from symcnn.classroom.checks.formulas.summing import Summing
from symcnn.classroom.checks.formulas.tree import (
    Node,
)
from symcnn.equations.values import Array


class Evaluation(Summing):
    """A formula at one case, as it is read."""

    def computed(self) -> Array:
        """Return what the formula gives where ``due`` has what is due, with its shape.

        Raises:
            NoValueError: If it has no value.
        """
        due, scope, whole = self.due
        found = self.value(self.formula, scope)
        rank = found.ndim - len(scope)
        if rank > whole:
            if any(n != 1 for n in found.shape[len(scope) :]):
                raise NoValueError("the formula gives an array where an entry is due")
            found = found.reshape(found.shape[: len(scope)])
            rank = 0
        if rank and rank != whole:
            raise NoValueError("the formula gives an array with another number of axes")
        found = found.reshape(
            *found.shape[: len(scope)], *(1,) * (whole - rank), *found.shape[len(scope) :]
        )
        if rank and found.shape[len(scope) :] != due.shape[len(scope) :]:
            raise NoValueError(
                f"the formula gives {shape_word(found.shape[len(scope) :])}, and "
                f"{shape_word(due.shape[len(scope) :])} is due"
            )
        if whole and not rank and due.size > 1 and due[(0,) * len(scope)].size > 1:
            raise NoValueError("the formula gives one number where an array is due")
        try:
            return np.broadcast_to(found, due.shape)
        except ValueError:
            raise NoValueError("the formula gives an array of another shape") from None

    def value(self, node: Node, scope: Scope) -> Array:
        """Return the value of a part for all indices in scope."""
        return RULES[type(node)](self, node, scope)


def shape_word(shape: tuple[int, ...]) -> str:
    """Return a shape in words."""
    return " x ".join(map(str, shape)) + " entries" if shape else "one number"
