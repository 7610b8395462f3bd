"""What a function returned, judged: what is due, bounds of rounding, and the names of mistakes."""

from symcnn.classroom.checks.judging.checks import check_backward as check_backward
from symcnn.classroom.checks.judging.checks import check_forward as check_forward
from symcnn.classroom.checks.judging.checks import check_gradients as check_gradients
