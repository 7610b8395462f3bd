"""HIPS autograd: NumPy, traced at every call."""

from __future__ import annotations

from importlib.metadata import version as installed

import autograd.numpy as np
from autograd import value_and_grad

from benchmarks.specs import Conv, Dense, Pool

VERSION = f"autograd {installed('autograd')}"


def step(spec, threads):
    """Return a function for loss and gradients; threads are NumPy's own affair."""
    x, weights, target = spec.numbers()

    def run(weights):
        y, numbers = x, iter(weights)
        for layer in spec.layers:
            if isinstance(layer, Conv):
                w = next(numbers)
                y = np.einsum("uvnijc,uvck->nijk", _windows(y, layer.kernel, 1), w, optimize=True)
            elif isinstance(layer, Pool):
                windows = _windows(y, layer.window, layer.stride)
                y = np.max(np.reshape(windows, (-1, *windows.shape[2:])), axis=0)
            elif isinstance(layer, Dense):
                y = np.dot(np.reshape(y, (len(y), -1)), next(numbers).T)
            else:
                y = np.tanh(y) if layer == "tanh" else 1 / (1 + np.exp(-y))
            if isinstance(layer, Conv | Dense) and layer.bias:
                y = y + next(numbers)
        if spec.loss == "half_squared_error":
            return np.sum((target - y) ** 2) / 2
        shifted = y - np.max(y, axis=1, keepdims=True)
        logs = np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        return np.sum(target * (logs - shifted)) / len(y)

    function = value_and_grad(run)
    return lambda: function(weights)


def _windows(x, window, stride):
    """Stack the shifted slices of every position of a window."""
    rows, columns = ((n - w) // stride + 1 for n, w in zip(x.shape[1:3], window, strict=True))
    return np.array(
        [
            [
                x[:, u : u + stride * rows : stride, v : v + stride * columns : stride]
                for v in range(window[1])
            ]
            for u in range(window[0])
        ]
    )
