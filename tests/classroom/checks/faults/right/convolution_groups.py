"""Convolution in groups, entry by entry of the kernel: NCHW."""

import numpy as np


def backward(grad_output, x, weight, stride, padding, groups):
    height, width = x.shape[2:]
    rows, columns = grad_output.shape[2:]
    filters, channels, kh, kw = weight.shape
    each = filters // groups
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    for k in range(filters):
        first = (k // each) * channels
        for c in range(channels):
            for u in range(kh):
                for v in range(kw):
                    down = slice(u, u + stride * rows, stride)
                    across = slice(v, v + stride * columns, stride)
                    seen = (slice(None), first + c, down, across)
                    grad_weight[k, c, u, v] = (padded[seen] * grad_output[:, k]).sum()
                    grad_padded[seen] += weight[k, c, u, v] * grad_output[:, k]
    grad_x = grad_padded[:, :, padding : padding + height, padding : padding + width]
    return grad_x, grad_weight, grad_output.sum(axis=(0, 2, 3))
