"""Layer normalisation, with row statistics kept as columns."""

import numpy as np


def layernorm_forward(x, gamma, beta, eps):
    mean = x.mean(axis=-1, keepdims=True)
    rstd = 1 / np.sqrt(((x - mean) ** 2).mean(axis=-1, keepdims=True) + eps)
    norm = (x - mean) * rstd
    return norm * gamma + beta, (norm, rstd, gamma)


def layernorm_backward(dout, cache):
    norm, rstd, gamma = cache
    dgamma = (dout * norm).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dnorm = dout * gamma
    centred = dnorm - dnorm.mean(axis=-1, keepdims=True)
    dx = (centred - norm * (dnorm * norm).mean(axis=-1, keepdims=True)) * rstd
    return dx, dgamma, dbeta
