"""Convolution as courses have it: four loops over windows, NCHW, settings in a dictionary."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    n_samples, _, height, width = x.shape
    n_filters, _, kh, kw = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = 1 + (height + 2 * pad - kh) // stride
    columns = 1 + (width + 2 * pad - kw) // stride
    out = np.zeros((n_samples, n_filters, rows, columns))
    for n in range(n_samples):
        for f in range(n_filters):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + kh, left : left + kw]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    n_samples, n_filters, rows, columns = dout.shape
    height, width = x.shape[2:]
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
    for n in range(n_samples):
        for f in range(n_filters):
            db[f] += dout[n, f].sum()
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + kh, left : left + kw]
                    dw[f] += window * dout[n, f, i, j]
                    dpadded[n, :, top : top + kh, left : left + kw] += w[f] * dout[n, f, i, j]
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    return dx, dw, db
