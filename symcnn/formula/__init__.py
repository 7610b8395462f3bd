r"""A formula as a tree, from which every notation is written; ``reader`` reads what people write.

\frac{\partial L}{\partial w_{11}}   is a Fraction of two Rows
"""

from symcnn.formula.reader import read as read
from symcnn.formula.signs import FormulaError as FormulaError
from symcnn.formula.tree import Accent as Accent
from symcnn.formula.tree import Atom as Atom
from symcnn.formula.tree import Bound as Bound
from symcnn.formula.tree import Cases as Cases
from symcnn.formula.tree import Fenced as Fenced
from symcnn.formula.tree import Fraction as Fraction
from symcnn.formula.tree import Gap as Gap
from symcnn.formula.tree import Node as Node
from symcnn.formula.tree import Root as Root
from symcnn.formula.tree import Row as Row
from symcnn.formula.tree import Scripts as Scripts
from symcnn.formula.tree import Word as Word
from symcnn.formula.tree import group as group
from symcnn.formula.tree import nodes as nodes
