"""Max-pooling by views of windows and np.add.at on flat places: NHWC."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def backward(dout, x, pool_size, stride):
    n, _, _, channels = x.shape
    rows, columns = dout.shape[1:3]
    windows = sliding_window_view(x, (pool_size, pool_size), axis=(1, 2))[:, ::stride, ::stride]
    chosen = windows.reshape(n, rows, columns, channels, -1).argmax(axis=-1)
    i = np.arange(rows)[None, :, None, None] * stride + chosen // pool_size
    j = np.arange(columns)[None, None, :, None] * stride + chosen % pool_size
    sample = np.arange(n)[:, None, None, None]
    channel = np.arange(channels)[None, None, None, :]
    dx = np.zeros_like(x)
    np.add.at(dx, (sample, i, j, channel), dout)
    return dx
