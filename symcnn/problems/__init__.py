"""Problems: networks with their numbers, from Python or from files."""

from symcnn.problems.catalog import register
from symcnn.problems.load import load
from symcnn.problems.problem import Fault, Problem, Quoted, Reconciliation

__all__ = ["Fault", "Problem", "Quoted", "Reconciliation", "load", "register"]
