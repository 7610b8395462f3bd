"""Functions with custom gradients: written, executed, and given numbers."""

from __future__ import annotations

import numpy as np

from symcnn import Network, Upstream
from symcnn.programs.export.autograd import to_autograd
from tests.draws import MANY, THOROUGH
from tests.programs.test_every_layer import LAYERS
from tests.supplied import supplied

CASES = [*LAYERS][:: 1 if THOROUGH else 27 if MANY else 70]
"""Layers of the list of examples: three, six where a machine has time, or all."""


def executed(network, values, to="torch", results="outputs"):
    """Return the names of a module, and its text."""
    text = to_autograd(network, values, to, results=results, title="A test")
    names = {"__name__": "layer"}
    exec(compile(text, "layer.py", "exec"), names)
    return names | {"text": text}


def arguments_of(network, results="outputs"):
    """Return the tensors that the function takes, in their order."""
    if results == "loss":
        return [*network.given]
    return [t for t in network.given if t.role != "target" and not t.name.startswith("loss.")]


def moves(tensor):
    """Tell whether there are derivatives with respect to a tensor."""
    return tensor.role in ("input", "parameter")


def of_samples(case, batch):
    """Return the network of a layer's example for a number of samples, with numbers."""
    shape, chain = LAYERS[case]
    network = Network(shape, chain, Upstream(), batch=batch)
    drawn = np.random.default_rng(5)
    values = {t.name: drawn.normal(size=t.shape) for t in network.given}
    numbered = {
        name: drawn.integers(0, size, values[name].shape) for name, size in network.indexing.items()
    }
    return network, values | supplied(network, drawn) | numbered
