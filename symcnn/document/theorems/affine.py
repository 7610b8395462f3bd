"""A dense layer as a matrix, a column, and what is added."""

from __future__ import annotations

from typing import NamedTuple

from symcnn.derivation import Derivation
from symcnn.document.facts.forms import matrix_and_column
from symcnn.equations import Equation, Tensor


class Affine(NamedTuple):
    """z = w f + b: a matrix times a column, and what is added.

    Attributes:
        result: z.
        weight: w.
        column: f.
        shift: b, if there is one.
    """

    result: Tensor
    weight: Tensor
    column: Tensor
    shift: Tensor | None


def affine_of(derivation: Derivation, used: Equation) -> Affine | None:
    """Read z[q] = sum of w[q, m] f[m] over m, plus b[q], if that is all there is of z."""
    equations = [e for e in derivation.network.equations if e.target.base == used.target.base]
    added, found = [e for e in equations if e != used], matrix_and_column(used)
    if found is None or len(used.target.indices) > 1 or len(added) > 1:
        return None
    shifts = [e.value for e in added if e.value.is_Indexed and e.value.indices == e.target.indices]
    if len(shifts) != len(added):
        return None
    read = (derivation.tensors[entry.base] for entry in (used.target, *found, *shifts))
    result, matrix, column, *shift = read
    return Affine(result, matrix, column, shift[0] if shift else None)
