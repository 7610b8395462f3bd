r"""Theorems: what a step of the chain rule says for every stride, padding and size.

A step is an equation with this network's integers in its indices. Here the integers get
letters again,

    x[2 i + u - 1]   becomes   x[i_u]   with   i_u = S i + D u - P,

and the equation is stated as it was derived: a sum over all loop assignments that reach
an entry. Nothing is solved, and no layer is looked up.
"""

from symcnn.document.theorems.alike import shape_of as shape_of
from symcnn.document.theorems.alike import tensors_of as tensors_of
from symcnn.document.theorems.rows import AllAxes as AllAxes
from symcnn.document.theorems.rows import formula_row as formula_row
from symcnn.document.theorems.theorem import EntryFormula as EntryFormula
from symcnn.document.theorems.theorem import Theorem as Theorem
from symcnn.document.theorems.theorem import theorem as theorem
