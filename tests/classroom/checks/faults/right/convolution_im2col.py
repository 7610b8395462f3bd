"""Convolution as a matrix product of columns, which np.add.at puts back: NCHW."""

import numpy as np


def indices(channels, height, width, kh, kw, stride, pad):
    rows = (height + 2 * pad - kh) // stride + 1
    columns = (width + 2 * pad - kw) // stride + 1
    u = np.tile(np.repeat(np.arange(kh), kw), channels)
    v = np.tile(np.arange(kw), kh * channels)
    i = stride * np.repeat(np.arange(rows), columns)
    j = stride * np.tile(np.arange(columns), rows)
    c = np.repeat(np.arange(channels), kh * kw)
    return c[:, None], u[:, None] + i[None, :], v[:, None] + j[None, :]


def forward(x, w, b, stride=1, padding=0):
    n, c, h, width = x.shape
    f, _, kh, kw = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    at = indices(c, h, width, kh, kw, stride, padding)
    cols = padded[(slice(None), *at)]
    out = np.einsum("fk,nkp->nfp", w.reshape(f, -1), cols) + b[None, :, None]
    rows = (h + 2 * padding - kh) // stride + 1
    return out.reshape(n, f, rows, -1), (x.shape, w, cols, stride, padding)


def backward(dout, cache):
    (n, c, h, width), w, cols, stride, padding = cache
    f, _, kh, kw = w.shape
    flat = dout.reshape(n, f, -1)
    db = flat.sum(axis=(0, 2))
    dw = np.tensordot(flat, cols, axes=([0, 2], [0, 2])).reshape(w.shape)
    dcols = np.einsum("fk,nfp->nkp", w.reshape(f, -1), flat)
    dpadded = np.zeros((n, c, h + 2 * padding, width + 2 * padding), dtype=dout.dtype)
    at = indices(c, h, width, kh, kw, stride, padding)
    np.add.at(dpadded, (slice(None), *at), dcols)
    return dpadded[:, :, padding : h + padding, padding : width + padding], dw, db
