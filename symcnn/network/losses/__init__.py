"""Losses: equations that reduce the output of the network to one number.

What stands here is public, and every loss a type of problem files.
"""

from symcnn.network.losses.entropies import BinaryCrossEntropy as BinaryCrossEntropy
from symcnn.network.losses.entropies import CrossEntropy as CrossEntropy
from symcnn.network.losses.entropies import Focal as Focal
from symcnn.network.losses.entropies import KLDivergence as KLDivergence
from symcnn.network.losses.entropies import SoftmaxCrossEntropy as SoftmaxCrossEntropy
from symcnn.network.losses.errors import Dice as Dice
from symcnn.network.losses.errors import HalfSquaredError as HalfSquaredError
from symcnn.network.losses.errors import Hinge as Hinge
from symcnn.network.losses.errors import Huber as Huber
from symcnn.network.losses.errors import MeanSquaredError as MeanSquaredError
from symcnn.network.losses.errors import SquaredError as SquaredError
from symcnn.network.losses.errors import SumOfOutputs as SumOfOutputs
from symcnn.network.losses.errors import Upstream as Upstream
from symcnn.network.losses.loss import Loss as Loss
