r"""A formula as a tree, from which every notation is written; ``reader`` reads what people write.

\frac{\partial L}{\partial w_{11}}   is a Fraction of two Rows
"""

from symcnn.formula.reader import FormulaError, read
from symcnn.formula.tree import (
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
