"""The operators of PyTorch that are known: an entry for each, in the files beside this one."""

from symcnn.imports.builder import Operators
from symcnn.imports.operations import composed
from symcnn.imports.torch import functions, learned, shapes, windows

TABLE = Operators()
for _part in (composed, functions, learned, shapes, windows):
    TABLE.update(_part.OPERATORS)

WORDS = {
    **{f"aten.{word}.Tensor": word for word in ("add", "sub", "mul", "div")},
    **{f"aten.{word}.default": word for word in ("sqrt", "rsqrt", "erf")},
    "aten.pow.Tensor_Scalar": "pow",
    "aten.mean.dim": "mean",
}
"""What operators are in arithmetic, of which formulas of layers consist."""
