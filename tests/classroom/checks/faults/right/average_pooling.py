"""Mean pooling: every entry of a window gets its share. NCHW by loops, NHWC by taps."""

import numpy as np


def loops_backward(dout, x, pool_size, stride):
    dx = np.zeros_like(x)
    share = 1 / pool_size**2
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            signal = dout[:, :, i : i + 1, j : j + 1]
            dx[:, :, top : top + pool_size, left : left + pool_size] += share * signal
    return dx


def taps_backward(dout, x, pool_size, stride, padding):
    height, width = x.shape[1:3]
    rows, columns = dout.shape[1:3]
    dpadded = np.zeros((len(x), height + 2 * padding, width + 2 * padding, x.shape[3]))
    for u in range(pool_size):
        for v in range(pool_size):
            down = slice(u, u + stride * rows, stride)
            across = slice(v, v + stride * columns, stride)
            dpadded[:, down, across] += dout / (pool_size * pool_size)
    return dpadded[:, padding : padding + height, padding : padding + width]
