"""Evaluating a problem: in floating point, or exactly; and where rounding decides."""

from symcnn.evaluation.cancellation import lost_digits as lost_digits
from symcnn.evaluation.cancellation import remedy as remedy
from symcnn.evaluation.disagreement import settled as settled
from symcnn.evaluation.exact import ExactEvaluation as ExactEvaluation
from symcnn.evaluation.exact import floats as floats
from symcnn.evaluation.exact import is_small as is_small
from symcnn.evaluation.exact import nearest as nearest
from symcnn.evaluation.exact import terms as terms
from symcnn.evaluation.kinks import KINKED as KINKED
from symcnn.evaluation.kinks import NearKink as NearKink
from symcnn.evaluation.kinks import near_kinks as near_kinks
from symcnn.evaluation.ties import TIED as TIED
from symcnn.evaluation.ties import NearTie as NearTie
from symcnn.evaluation.ties import near_ties as near_ties
