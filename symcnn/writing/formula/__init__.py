r"""A formula as a tree, from which every notation is written; ``reader`` reads what people write.

\frac{\partial L}{\partial w_{11}}   is a Fraction of two Rows
"""

from symcnn.writing.formula.reader import read as read
from symcnn.writing.formula.signs import FormulaError as FormulaError
from symcnn.writing.formula.tree import Accent as Accent
from symcnn.writing.formula.tree import Atom as Atom
from symcnn.writing.formula.tree import Bound as Bound
from symcnn.writing.formula.tree import Cases as Cases
from symcnn.writing.formula.tree import Fenced as Fenced
from symcnn.writing.formula.tree import Formula as Formula
from symcnn.writing.formula.tree import Fraction as Fraction
from symcnn.writing.formula.tree import Gap as Gap
from symcnn.writing.formula.tree import Node as Node
from symcnn.writing.formula.tree import Root as Root
from symcnn.writing.formula.tree import Scripts as Scripts
from symcnn.writing.formula.tree import Word as Word
from symcnn.writing.formula.tree import nodes as nodes
