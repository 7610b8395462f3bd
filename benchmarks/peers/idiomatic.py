"""NumPy as one writes it by hand: sliding windows and einsum, channels last."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.specs import Conv, Dense, Pool

VERSION = f"NumPy {np.__version__}"


def step(spec, threads):
    """Return a function for loss and gradients; threads are NumPy's own affair."""
    x, weights, target = spec.numbers()

    def evaluate():
        y, back = x, []
        numbers = iter(weights)
        for number, layer in enumerate(spec.layers):
            y, rule = _forward(layer, y, numbers, first=number == 0)
            back.append(rule)
        loss, delta = _LOSSES[spec.loss](y, target)
        gradients = []
        for rule in reversed(back):
            delta, made = rule(delta)
            gradients = [*made, *gradients]
        return loss, gradients

    return evaluate


def _forward(layer, y, numbers, first):
    if isinstance(layer, Conv):
        return _conv(y, next(numbers), next(numbers) if layer.bias else None, first)
    if isinstance(layer, Pool):
        return _pool(y, layer)
    if isinstance(layer, Dense):
        return _dense(y, next(numbers), next(numbers) if layer.bias else None)
    return _function(y, layer)


def _conv(x, w, b, first):
    windows = sliding_window_view(x, w.shape[:2], (1, 2))
    z = np.einsum("nijcuv,uvck->nijk", windows, w, optimize=True)

    def back(delta):
        dw = np.einsum("nijcuv,nijk->uvck", windows, delta, optimize=True)
        made = [dw] if b is None else [dw, delta.sum((0, 1, 2))]
        return None if first else _full(delta, w), made

    return z if b is None else z + b, back


def _full(delta, w):
    rows, columns = w.shape[:2]
    padded = np.pad(delta, ((0, 0), (rows - 1,) * 2, (columns - 1,) * 2, (0, 0)))
    windows = sliding_window_view(padded, (rows, columns), (1, 2))
    return np.einsum("nijkuv,uvck->nijc", windows, w[::-1, ::-1], optimize=True)


def _pool(x, layer):
    stride = layer.stride
    windows = sliding_window_view(x, layer.window, (1, 2))[:, ::stride, ::stride]
    flat = windows.reshape(*windows.shape[:4], -1)
    taken = flat.argmax(-1)

    def back(delta):
        dx = np.zeros_like(x)
        places = sliding_window_view(dx, layer.window, (1, 2), writeable=True)
        for number, (u, v) in enumerate(np.ndindex(layer.window)):
            places[:, ::stride, ::stride, :, u, v] += delta * (taken == number)
        return dx, []

    return np.take_along_axis(flat, taken[..., None], -1)[..., 0], back


def _dense(x, w, b):
    flat = x.reshape(len(x), -1)
    z = flat @ w.T

    def back(delta):
        made = [delta.T @ flat] if b is None else [delta.T @ flat, delta.sum(0)]
        return (delta @ w).reshape(x.shape), made

    return z if b is None else z + b, back


def _function(z, name):
    a = np.tanh(z) if name == "tanh" else 1 / (1 + np.exp(-z))
    slope = 1 - a**2 if name == "tanh" else a * (1 - a)
    return a, lambda delta: (delta * slope, [])


def _softmax_cross_entropy(z, t):
    shifted = z - z.max(1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(1, keepdims=True)
    loss = float((t * (np.log(total) - shifted)).sum()) / len(z)
    return loss, (p / total - t) / len(z)


def _half_squared_error(y, t):
    return float(((t - y) ** 2).sum()) / 2, y - t


_LOSSES = {
    "softmax_cross_entropy": _softmax_cross_entropy,
    "half_squared_error": _half_squared_error,
}
