"""Functions of PyTorch whose derivatives are derived equations: against autograd, twice."""

import numpy as np
import pytest

from tests.draws import seeds
from tests.programs.export.differentiated import arguments_of, drawn_like, executed, moving
from tests.programs.random_networks import example

torch = pytest.importorskip("torch")
reference = pytest.importorskip("tests.programs.torch_reference")

autograd = torch.autograd


def leaves_of(tensors, values):
    leaves = [torch.tensor(np.asarray(values[t.name], float)) for t in tensors]
    for leaf, moves in zip(leaves, moving(tensors), strict=True):
        leaf.requires_grad_(moves)
    return leaves


def by_autograd(network, tensors, results):
    """Return the same computation as a function of the same arguments, in plain PyTorch."""

    def function(*leaves):
        named = {t.name: leaf for t, leaf in zip(tensors, leaves, strict=True)}
        kept = reference.run(network, named)
        if results == "loss":
            return reference.loss_of(network, kept, named)
        return kept[network.output.name]

    return function


def twice(function, leaves, seed):
    """Return a result, its gradients, and those of these along a direction."""
    result = function(*leaves)
    (g,) = (torch.tensor(a).requires_grad_() for a in drawn_like([result], seed))
    held = [leaf for leaf in leaves if leaf.requires_grad]
    slopes = autograd.grad(result, held, g, create_graph=True, materialize_grads=True)
    directions = map(torch.tensor, drawn_like(held, seed + 1))
    along = sum((s * d).sum() for s, d in zip(slopes, directions, strict=True))
    if not along.requires_grad:
        return [result, *slopes, *map(torch.zeros_like, (g, *held))]
    return [result, *slopes, *autograd.grad(along, [g, *held], materialize_grads=True)]


def assert_equal_to_autograd(network, values, results="outputs"):
    made = executed(network, values, results=results)
    tensors = arguments_of(network, results)
    function = made["layer" if results == "outputs" else "loss"]
    ours = twice(function, leaves_of(tensors, values), 1)
    theirs = twice(by_autograd(network, tensors, results), leaves_of(tensors, values), 1)
    largest = max(float(t.detach().abs().max()) for t in theirs)
    for number, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        assert a.shape == b.shape, number
        assert (a - b).detach().abs().max() <= 1e-11 * largest + 1e-14, number
    return made


@pytest.mark.parametrize("seed", seeds(4000, 0.5))
@pytest.mark.parametrize("results", ["outputs", "loss"])
def test_random_networks(seed, results):
    network, values = example(seed, 4)
    if network.batch is None:
        return
    assert_equal_to_autograd(network, values, results)
