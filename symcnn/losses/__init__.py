"""Losses: equations that reduce the output of the network to one number.

What stands here is public, and every loss a type of problem files.
"""

from symcnn.losses.entropies import BinaryCrossEntropy as BinaryCrossEntropy
from symcnn.losses.entropies import CrossEntropy as CrossEntropy
from symcnn.losses.entropies import Focal as Focal
from symcnn.losses.entropies import KLDivergence as KLDivergence
from symcnn.losses.entropies import SoftmaxCrossEntropy as SoftmaxCrossEntropy
from symcnn.losses.errors import HalfSquaredError as HalfSquaredError
from symcnn.losses.errors import Huber as Huber
from symcnn.losses.errors import MeanSquaredError as MeanSquaredError
from symcnn.losses.errors import SquaredError as SquaredError
from symcnn.losses.given import SumOfOutputs as SumOfOutputs
from symcnn.losses.given import Upstream as Upstream
from symcnn.losses.loss import Loss as Loss
from symcnn.losses.margins import Dice as Dice
from symcnn.losses.margins import Hinge as Hinge
