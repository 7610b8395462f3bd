"""Layers: each is a frozen dataclass of a shape rule and forward equations."""

from symcnn.layers.activation import (
    ELU,
    GELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from symcnn.layers.convolution import Conv1D, Conv2D
from symcnn.layers.dense import Dense, Flatten
from symcnn.layers.layer import Auxiliary, Layer, Parameter
from symcnn.layers.merge import Add, Concatenate
from symcnn.layers.normalization import BatchNorm
from symcnn.layers.pooling import AvgPool1D, AvgPool2D, GlobalAvgPool2D, MaxPool1D, MaxPool2D
from symcnn.layers.softmax import LogSoftmax, Softmax
from symcnn.layers.transposed import ConvTranspose2D
from symcnn.layers.window import Window

__all__ = [
    "ELU",
    "GELU",
    "Activation",
    "Add",
    "Auxiliary",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNorm",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "ConvTranspose2D",
    "Dense",
    "Flatten",
    "GlobalAvgPool2D",
    "Layer",
    "LeakyReLU",
    "LogSoftmax",
    "MaxPool1D",
    "MaxPool2D",
    "Parameter",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "Window",
]
