"""The seed's network, and what is known about it without symcnn."""

from __future__ import annotations

import mpmath

from symcnn import Conv2D, Dense, Flatten, HalfSquaredError, MaxPool2D, Network, Sigmoid

NETWORK = Network(
    input_shape=(3, 1, 1),
    layers=[
        Conv2D(3, kernel_size=(2, 1), bias=False),
        MaxPool2D((2, 1), stride=1),
        Flatten(),
        Dense(1, bias=False),
        Sigmoid(),
    ],
    loss=HalfSquaredError(),
)

VALUES = {
    "x": [1, 0.4, 0.7],
    "conv1.weight": [0.2, 0.3, -0.1, 0.1, -0.1, 0.2],
    "dense1.weight": [0.1, 0.5, 0.6],
    "target": [0.8],
}


def by_hand(digits):
    """Work the seed by hand in mpmath: rows 1, 1 and 2 are the maxima (0.24, 0.26, 0.10)."""
    with mpmath.workdps(digits + 20):
        x = [mpmath.mpf(v) / 10 for v in (10, 4, 7)]
        dense = [mpmath.mpf(v) / 10 for v in (1, 5, 6)]
        pooled = [mpmath.mpf(v) / 100 for v in (24, 26, 10)]
        z = sum(a * b for a, b in zip(dense, pooled, strict=True))
        output = 1 / (1 + mpmath.exp(-z))
        delta = (output - mpmath.mpf(8) / 10) * output * (1 - output)
        top = [0, 0, 1]  # the row of the input under the first kernel row, by filter
        return {
            "sigmoid1": [output],
            "loss": [(mpmath.mpf(8) / 10 - output) ** 2 / 2],
            "dense1.weight": [delta * p for p in pooled],
            "pool1": [delta * w for w in dense],
            "conv1.weight": [delta * dense[k] * x[top[k] + u] for u in range(2) for k in range(3)],
        }
