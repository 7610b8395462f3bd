"""The operators of PyTorch that are known: an entry for each, in the files beside this one."""

from symcnn.imports.builder import Operators
from symcnn.imports.operations import (
    composed,
    shared,
    shared_functions,
    shared_reductions,
    shared_windows,
)
from symcnn.imports.torch import functions, moves, products, shapes

TABLE = Operators()
for _part in (composed, functions, moves, products, shapes):
    TABLE.update(_part.OPERATORS)
for _shared in (shared, shared_functions, shared_reductions, shared_windows):
    TABLE.update(_shared.OPERATORS.torch)

WORDS = {
    **{f"aten.{word}.Tensor": word for word in ("add", "sub", "mul", "div")},
    **{f"aten.{word}.default": word for word in ("sqrt", "rsqrt", "erf")},
    "aten.pow.Tensor_Scalar": "pow",
    "aten.mean.dim": "mean",
}
"""What operators are in arithmetic, of which formulas of layers consist."""
