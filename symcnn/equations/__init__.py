"""Indexed equations: tensors, affine indices, loops, guards and reductions."""

from symcnn.equations.affine import Affine, affine
from symcnn.equations.assignments import Assignments, columns, every
from symcnn.equations.equation import Equation, Guard, Loop, accesses, define
from symcnn.equations.order import Group, grouped
from symcnn.equations.predicates import further_guards, is_maximum, is_one_to_one
from symcnn.equations.reduction import SUM, LogSumExp, Max, Mean, Reduction, Sum
from symcnn.equations.rewriting import (
    addends,
    as_about,
    as_sum,
    long,
    loops_over,
    units,
    without_unit_loops,
)
from symcnn.equations.row_major import entry_at, position_of, strides
from symcnn.equations.samples import for_every_sample
from symcnn.equations.tensor import SAMPLE, Tensor

__all__ = [
    "SAMPLE",
    "SUM",
    "Affine",
    "Assignments",
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
    "addends",
    "affine",
    "as_about",
    "as_sum",
    "columns",
    "define",
    "entry_at",
    "every",
    "for_every_sample",
    "further_guards",
    "grouped",
    "is_maximum",
    "is_one_to_one",
    "long",
    "loops_over",
    "position_of",
    "strides",
    "units",
    "without_unit_loops",
]
