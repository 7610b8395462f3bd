"""NumPy: statements on whole arrays."""

from symcnn.programs.backends import Backend
from symcnn.programs.backends.numpy.lowering import arrays
from symcnn.programs.backends.python.export import numpy_module, reading_module
from symcnn.programs.backends.python.listing import Listing
from symcnn.programs.backends.python.running import Running
from symcnn.programs.plans.plan import Plan


def _lowered(plan: Plan, dtype: str) -> Listing:
    """Return the statements, which are those of any type of numbers."""
    return arrays(plan)


BACKEND = Backend(_lowered, numpy_module, Running, reading=reading_module)
