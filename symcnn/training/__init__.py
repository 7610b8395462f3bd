"""Gradient descent with the derived gradients: w - rate * dL/dw, step by step."""

from symcnn.training.descent import train as train
from symcnn.training.progress import Interrupted as Interrupted
from symcnn.training.report import report as report
from symcnn.training.result import Accuracy as Accuracy
from symcnn.training.result import Training as Training
