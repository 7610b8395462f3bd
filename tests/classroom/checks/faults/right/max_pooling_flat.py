"""Max-pooling along a line, in float32, with padding by minus infinity: NCL."""

import numpy as np


def backward(dout, x, pool_size, stride, padding):
    x, dout = np.float32(x), np.float32(dout)
    n, channels, length = x.shape
    padded = np.full((n, channels, length + 2 * padding), -np.inf, dtype=x.dtype)
    padded[:, :, padding : padding + length] = x
    dx = np.zeros((n * channels, length + 2 * padding), dtype=x.dtype)
    flat, signal = padded.reshape(n * channels, -1), dout.reshape(n * channels, -1)
    for i in range(dout.shape[2]):
        start = i * stride
        won = start + flat[:, start : start + pool_size].argmax(axis=1)
        dx[np.arange(n * channels), won] += signal[:, i]
    return dx.reshape(n, channels, -1)[:, :, padding : padding + length]
