"""Gradient descent with the derived gradients: w - rate * dL/dw, step by step, and other steps."""

from symcnn.problems.training.descent import train as train
from symcnn.problems.training.flat import flat as flat
from symcnn.problems.training.result import Interrupted as Interrupted
from symcnn.problems.training.result import Training as Training
