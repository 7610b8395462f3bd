"""Modules that are written, executed and compared with the same computation in plain PyTorch."""

from __future__ import annotations

import numpy as np

from symcnn import derive
from symcnn.programs.export.autograd import to_autograd


def executed(network, values, to="torch", results="outputs"):
    """Return the names of a module."""
    text = to_autograd(derive(network), values, to, results=results, title="A test")
    names = {"__name__": "layer"}
    exec(compile(text, "layer.py", "exec"), names)
    return names | {"text": text}


def arguments_of(network, results):
    """Return the tensors that the function takes, in their order."""
    if results == "loss":
        return [*network.given]
    return [t for t in network.given if t.role != "target" and not t.name.startswith("loss.")]


def moving(tensors):
    """Tell of each whether it is differentiated."""
    return [tensor.role in ("input", "parameter") for tensor in tensors]


def drawn_like(arrays, seed):
    """Draw an array of normal numbers for each of some arrays."""
    drawn = np.random.default_rng(seed)
    return [drawn.normal(size=array.shape) for array in arrays]
