"""Gradient descent with the derived gradients: w - rate * dL/dw, step by step."""

from symcnn.training.descent import train
from symcnn.training.report import report
from symcnn.training.result import Accuracy, Training

__all__ = ["Accuracy", "Training", "report", "train"]
