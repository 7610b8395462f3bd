"""A published 4x4 example with a three-way tie at 19/10 (Yrgo, "CNN by hand")."""

import symcnn as sc
from symcnn.network.losses import Upstream

IMAGE = [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]]
PUBLISHED = {
    "relu1": "1.3 1.9 1.9 1.9 1.7 1.7 1.1 1.9 1.7 1.3 0.5 1.7 1.7 2.1 1.9 2.3",
    "gradient of relu1": "0 10 20 0 0 0 0 0 0 0 0 0 0 30 0 40",
    "gradient of conv1.weight": "30 40 100 100",
    "gradient of conv1.bias": "100",
    "gradient of x": "6 20 16 0 0 0 0 0 6 12 8 16 18 24 24 32",
}


def problem(ties: str = "first") -> sc.Problem:
    layers = [
        sc.Conv2D(1, 2, padding=((1, 0), (1, 0))),
        sc.ReLU(),
        sc.MaxPool2D(2, ties=ties),
        sc.Flatten(),
    ]
    values = {
        "x": [pixel for row in IMAGE for pixel in row],
        "conv1.weight": [0.2, 0.4, 0.6, 0.8],
        "conv1.bias": [0.5],
        "gradient": [10, 20, 30, 40],
    }
    return sc.Problem(sc.Network((4, 4, 1), layers, Upstream()), values, learning_rate=0.001)
