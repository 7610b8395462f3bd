"""Convolution by views of windows and einsum; dx is a convolution of the spread error signal."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def backward(dout, x, w, stride, padding):
    kh, kw = w.shape[2:]
    height, width = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("nfij,ncijuv->fcuv", dout, windows)
    tall, wide = height + 2 * padding + kh - 1, width + 2 * padding + kw - 1
    spread = np.zeros((*dout.shape[:2], tall, wide))
    below = kh - 1 + stride * dout.shape[2]
    right = kw - 1 + stride * dout.shape[3]
    spread[:, :, kh - 1 : below : stride, kw - 1 : right : stride] = dout
    turned = w[:, :, ::-1, ::-1]
    met = sliding_window_view(spread, (kh, kw), axis=(2, 3))
    dpadded = np.einsum("nfijuv,fcuv->ncij", met, turned)
    dx = dpadded[:, :, padding : padding + height, padding : padding + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))
