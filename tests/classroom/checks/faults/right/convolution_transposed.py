"""Transposed convolution: every input entry stamps its kernel on the output. NHWC, HWIO."""

import numpy as np


def forward(x, w, b, stride):
    n, height, width, _ = x.shape
    kh, kw, _, filters = w.shape
    y = np.zeros((n, stride * (height - 1) + kh, stride * (width - 1) + kw, filters))
    for i in range(height):
        for j in range(width):
            top, left = stride * i, stride * j
            y[:, top : top + kh, left : left + kw] += np.einsum("nc,uvck->nuvk", x[:, i, j], w)
    return y + b, (x, w, stride)


def backward(dout, cache):
    x, w, stride = cache
    kh, kw = w.shape[:2]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            stamped = dout[:, stride * i : stride * i + kh, stride * j : stride * j + kw]
            dx[:, i, j] = np.einsum("nuvk,uvck->nc", stamped, w)
            dw += np.einsum("nc,nuvk->uvck", x[:, i, j], stamped)
    return dx, dw, dout.sum(axis=(0, 1, 2))
