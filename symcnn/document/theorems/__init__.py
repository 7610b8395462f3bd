r"""Theorems: what a step of the chain rule says for every stride, padding and size.

A step is an equation with this network's integers in its indices. Here the integers get
letters again,

    x[2 i + u - 1]   becomes   x[i_u]   with   i_u = S i + D u - P,

and the equation is stated as it was derived: a sum over all loop assignments that reach
an entry. Nothing is solved, and no layer is looked up.
"""

from symcnn.document.theorems.kinds import Kind, kind, name
from symcnn.document.theorems.letters import Letters, Place, letters
from symcnn.document.theorems.rows import AllAxes, row
from symcnn.document.theorems.theorem import Formula, Theorem, shape_of, theorem

__all__ = [
    "AllAxes",
    "Formula",
    "Kind",
    "Letters",
    "Place",
    "Theorem",
    "kind",
    "letters",
    "name",
    "row",
    "shape_of",
    "theorem",
]
