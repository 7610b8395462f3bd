"""Indexed equations: tensors, affine indices, loops, guards and reductions."""

from symcnn.equations.affine import Affine, affine
from symcnn.equations.equation import Equation, Guard, Loop, accesses, define
from symcnn.equations.order import Group, grouped
from symcnn.equations.predicates import is_maximum, is_one_to_one
from symcnn.equations.reduction import SUM, LogSumExp, Max, Mean, Reduction, Sum
from symcnn.equations.samples import for_every_sample
from symcnn.equations.tensor import SAMPLE, Tensor

__all__ = [
    "SAMPLE",
    "SUM",
    "Affine",
    "Equation",
    "Group",
    "Guard",
    "LogSumExp",
    "Loop",
    "Max",
    "Mean",
    "Reduction",
    "Sum",
    "Tensor",
    "accesses",
    "affine",
    "define",
    "for_every_sample",
    "grouped",
    "is_maximum",
    "is_one_to_one",
]
