"""The operators of ONNX that are known: an entry for each, in the files beside this one."""

from symcnn.imports.builder import Operators
from symcnn.imports.onnx import functions, shapes
from symcnn.imports.operations import composed, shared, shared_windows

TABLE = Operators()
for _part in (composed, functions, shapes):
    TABLE.update(_part.OPERATORS)
for _shared in (shared, shared_windows):
    TABLE.update(_shared.OPERATORS.onnx)

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
