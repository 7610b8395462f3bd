"""Convolution tap by tap, each a matrix product over all positions: NHWC, dilation too."""

import numpy as np


def backward(dout, x, w, b, stride, padding, dilation):
    kh, kw = w.shape[:2]
    rows, columns = dout.shape[1:3]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for u in range(kh):
        for v in range(kw):
            down = slice(dilation * u, dilation * u + stride * rows, stride)
            across = slice(dilation * v, dilation * v + stride * columns, stride)
            dw[u, v] = np.tensordot(padded[:, down, across], dout, axes=([0, 1, 2], [0, 1, 2]))
            dpadded[:, down, across] += dout @ w[u, v].T
    height, width = x.shape[1:3]
    dx = dpadded[:, padding : padding + height, padding : padding + width]
    return dx, dw, dout.sum(axis=(0, 1, 2))
