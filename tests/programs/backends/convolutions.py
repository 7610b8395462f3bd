"""Convolutions of several forms, one after the other."""

import numpy as np

from symcnn import Conv2D, HalfSquaredError, Network, Tanh


def chained():
    """Return a network of convolutions of several forms, and numbers for it."""
    layers = [
        *(Conv2D(2, 3, padding=1), Conv2D(4, 3, stride=2, padding=1), Tanh()),
        *(Conv2D(4, (3, 2), dilation=(1, 2)), Conv2D(3, 1, stride=2)),
        Conv2D(1, (2, 1), stride=(1, 2), bias=False),
    ]
    network = Network((15, 16, 1), layers, HalfSquaredError(), batch=2)
    drawn = np.random.default_rng(5)
    return network, {t.name: drawn.normal(size=t.shape) for t in network.given}
