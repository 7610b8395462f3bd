"""Evaluating a problem: in floating point, or exactly; and where rounding decides."""

from symcnn.problems.evaluation.cancellation import lost_digits as lost_digits
from symcnn.problems.evaluation.cancellation import remedy as remedy
from symcnn.problems.evaluation.cancellation import settled as settled
from symcnn.problems.evaluation.exact import ExactEvaluation as ExactEvaluation
from symcnn.problems.evaluation.exact import floats as floats
from symcnn.problems.evaluation.exact import is_small as is_small
from symcnn.problems.evaluation.exact import nearest as nearest
from symcnn.problems.evaluation.ties_and_kinks import KINKED as KINKED
from symcnn.problems.evaluation.ties_and_kinks import TIED as TIED
from symcnn.problems.evaluation.ties_and_kinks import NearKink as NearKink
from symcnn.problems.evaluation.ties_and_kinks import NearTie as NearTie
from symcnn.problems.evaluation.ties_and_kinks import near_kinks as near_kinks
from symcnn.problems.evaluation.ties_and_kinks import near_ties as near_ties
