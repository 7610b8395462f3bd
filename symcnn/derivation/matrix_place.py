"""Where expressions in matrices are worked out, and by what they are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sympy import Expr, Indexed, Symbol

from symcnn.derivation.general_value import general_value
from symcnn.equations.values.evaluation import Array
from symcnn.writing.printing.mathematics import MathPrinter

Axes = tuple[Symbol, ...]
"""The indices of the rows and the columns of a matrix, of a vector's entries, or none."""

LETTERS = tuple(Symbol(name, real=True) for name in ("Upsilon", "Xi", "Psi", "Omega"))
"""What the entries in a function of several stand for; no tensor is called so."""


class Place(NamedTuple):
    """Where expressions are worked out.

    Attributes:
        read: Looks entries up.
        at: The values of sizes, settings and fixed indices.
        lengths: How many values the other indices have.
    """

    read: Callable[[Indexed, list[Array]], Array]
    at: Mapping[Symbol, Array]
    lengths: Mapping[Symbol, int]

    def entrywise(self, expression: Expr, axes: Axes) -> Array:
        """Return the values of an expression for all values of its indices."""
        shape = tuple(self.lengths[axis] for axis in axes)
        count = int(np.prod(shape))
        grids = np.indices(shape).reshape(len(shape), count).astype(float)
        at = {**self.at, **dict(zip(axes, grids, strict=True))}
        made = general_value(expression, at, self.read)
        return np.broadcast_to(made, (count,)).reshape(shape)


@dataclass(frozen=True)
class Printing:
    """By what expressions are printed.

    Attributes:
        printer: What prints formulas.
        base: What the first index is.
    """

    printer: MathPrinter
    base: int
