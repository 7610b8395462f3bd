"""Numbers for tensors that are given and not learned: indices, masks, statistics, weights."""

from __future__ import annotations

import numpy as np

from symcnn import Network


def supplied(network: Network, drawn: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw numbers for everything that a network is given besides input, weights and target."""
    return {
        tensor.name: _numbers(network, tensor, drawn)
        for tensor in network.given
        if tensor.role == "given"
    }


def _numbers(network, tensor, drawn):
    if tensor.name in network.indexing:
        return drawn.integers(0, network.indexing[tensor.name], tensor.shape)
    if tensor.name.endswith(".mask"):
        return drawn.integers(0, 2, tensor.shape)
    if tensor.name.endswith((".variance", ".weight")):
        return drawn.integers(1, 16, tensor.shape) / 8
    return drawn.integers(-8, 9, tensor.shape) / 8
