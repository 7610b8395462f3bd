"""The operators of PyTorch that are known: an entry for each, in the files beside this one."""

from symcnn.imports.table import Operators
from symcnn.imports.torch import arithmetic, functions, learned, matrices, shapes, windows

TABLE = Operators()
for _part in (arithmetic, functions, learned, matrices, shapes, windows):
    TABLE.update(_part.OPERATORS)
