"""Numbers for tensors: exact rationals, arrays of floats, and what an evaluation returns."""

from symcnn.values.evaluation import Array, Evaluation
from symcnn.values.exact import (
    Real,
    Values,
    entries,
    exact,
    exact_entries,
    known,
    required,
)
from symcnn.values.floats import float_array, float_arrays

__all__ = [
    "Array",
    "Evaluation",
    "Real",
    "Values",
    "entries",
    "exact",
    "exact_entries",
    "float_array",
    "float_arrays",
    "known",
    "required",
]
