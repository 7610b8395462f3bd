"""Problems: networks with their numbers, from Python or from files."""

from symcnn.problems.load import load
from symcnn.problems.problem import Fault, Problem, Reconciliation

__all__ = ["Fault", "Problem", "Reconciliation", "load"]
