"""The operators of ONNX that are known: an entry for each, in the files beside this one."""

from symcnn.imports.builder import Operators
from symcnn.imports.onnx import functions, learned, shapes, windows
from symcnn.imports.operations import composed

TABLE = Operators()
for _part in (composed, functions, learned, shapes, windows):
    TABLE.update(_part.OPERATORS)

WORDS = {
    "Add": "add",
    "Sub": "sub",
    "Mul": "mul",
    "Div": "div",
    "Pow": "pow",
    "Sqrt": "sqrt",
    "Erf": "erf",
    "ReduceMean": "mean",
}
"""What operators are in arithmetic, of which formulas of layers consist."""
