"""The operators of ONNX that are known: an entry for each, in the files beside this one."""

from symcnn.imports.onnx import arithmetic, functions, learned, shapes, windows
from symcnn.imports.table import Operators

TABLE = Operators()
for _part in (arithmetic, functions, learned, shapes, windows):
    TABLE.update(_part.OPERATORS)
