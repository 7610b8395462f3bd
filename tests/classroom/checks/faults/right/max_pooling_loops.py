"""Max-pooling as courses have it: NCHW, loops, the winner by argmax."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    n_samples, channels, rows_in, columns_in = x.shape
    rows = 1 + (rows_in - height) // stride
    columns = 1 + (columns_in - width) // stride
    out = np.zeros((n_samples, channels, rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + height, left : left + width].max(axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    n_samples, channels, rows, columns = dout.shape
    dx = np.zeros_like(x)
    for n in range(n_samples):
        for c in range(channels):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + height, left : left + width]
                    u, v = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, top + u, left + v] += dout[n, c, i, j]
    return dx
