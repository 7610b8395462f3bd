"""Layers: each is a frozen dataclass of a shape rule and forward equations."""

from symcnn.layers.activation import Activation, ReLU, Sigmoid, Tanh
from symcnn.layers.convolution import Conv2D
from symcnn.layers.dense import Dense, Flatten
from symcnn.layers.layer import Layer, Parameter
from symcnn.layers.pooling import AvgPool2D, MaxPool2D
from symcnn.layers.window import Window

__all__ = [
    "Activation",
    "AvgPool2D",
    "Conv2D",
    "Dense",
    "Flatten",
    "Layer",
    "MaxPool2D",
    "Parameter",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "Window",
]
