"""Problems: networks with their numbers, from Python or from files."""

from symcnn.problems.catalog import register as register
from symcnn.problems.load import load as load
from symcnn.problems.problem import Fault as Fault
from symcnn.problems.problem import Problem as Problem
from symcnn.problems.problem import Quoted as Quoted
from symcnn.problems.problem import Reconciliation as Reconciliation
from symcnn.problems.problem import check_problem as check_problem
from symcnn.problems.worth import Accuracy as Accuracy
from symcnn.problems.worth import Worth as Worth
