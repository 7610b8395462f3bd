r"""Formulas as trees; ``unicode`` makes one line of text of them.

The printer writes LaTeX of a small kind. It is read here once, into the tree that every
other notation is made from: \frac{\partial L}{\partial w_{11}} is a Fraction of two Rows.
"""

from symcnn.document.formula.reader import FormulaError, read
from symcnn.document.formula.tree import (
    Accent,
    Atom,
    Fenced,
    Fraction,
    Node,
    Root,
    Row,
    Scripts,
    Word,
)

__all__ = [
    "Accent",
    "Atom",
    "Fenced",
    "FormulaError",
    "Fraction",
    "Node",
    "Root",
    "Row",
    "Scripts",
    "Word",
    "read",
]
