"""A tensor's index keeps its letter: in the equation that makes it, in those that read it, and in
the derivatives with respect to it."""

from collections import defaultdict

import pytest

import symcnn as sc
from symcnn.equations import accesses
from symcnn.equations.index_letters import carried

IMAGE = [sc.Conv2D(2, 2), sc.Tanh(), sc.MaxPool2D(2, 1), sc.Conv2D(3, 2, bias=False), sc.ReLU()]
NETWORKS = {
    "the seed": sc.examples.cnn_by_hand().network,
    "units after units": sc.Network(
        (2,),
        [sc.Dense(3), sc.Tanh(), sc.Dense(2), sc.Sigmoid(), sc.Dense(4), sc.Dense(2)],
        sc.HalfSquaredError(),
    ),
    "windows after windows": sc.Network(
        (8, 7, 2), [*IMAGE, sc.AvgPool2D(2), sc.Flatten(), sc.Dense(2)], sc.SoftmaxCrossEntropy()
    ),
    "a batch, normalised": sc.Network(
        (6, 2),
        [sc.Conv1D(3, 2), sc.BatchNorm(), sc.Conv1D(2, 2), sc.MaxPool1D(2), sc.Softmax()],
        sc.MeanSquaredError(),
        batch=2,
    ),
    "transposed": sc.Network(
        (2, 2, 2),
        [sc.ConvTranspose2D(2, 2), sc.ReLU(), sc.ConvTranspose2D(3, 2, stride=2), sc.Conv2D(2, 2)],
        sc.SumOfOutputs(),
    ),
    "one channel, flattened": sc.Network(
        (4, 1), [sc.Conv1D(1, 2), sc.Flatten(), sc.Dense(2), sc.LogSoftmax()], sc.Upstream()
    ),
}


def letters(network):
    """The letters under which each axis stands by itself, that is longer than 1."""
    derivation, found = sc.derive(network), defaultdict(set)
    owners = {tensor.base: tensor for tensor in network.tensors.values()}
    owners |= {a.base: network.tensors[name] for name, a in derivation.adjoints.items()}
    steps = [step.equation for step in derivation.steps]
    reads = [r for e in (*network.equations, *steps) for r in (e.target, *accesses(e.value))]
    for name in derivation.adjoints:
        reads += accesses(derivation.partial(name))
        reads.append(derivation.adjoints[name][derivation.indices(name)])
    for read in reads:
        for n, index in enumerate(read.indices):
            if read.base in owners and index.is_Symbol and owners[read.base].shape[n] > 1:
                found[owners[read.base].name, n].add(index.name)
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_an_index_keeps_its_letter(name):
    network = NETWORKS[name]
    found = letters(network)
    assert {axis: own for axis, own in found.items() if len(own) > 1} == {}
    for tensor in network.tensors.values():
        for n, letter in enumerate(tensor.axes):
            assert found.get((tensor.name, n), {letter}) == {letter}


@pytest.mark.parametrize("name", NETWORKS)
def test_no_two_indices_of_an_equation_share_a_letter(name):
    for equation in NETWORKS[name].equations:
        loops = [loop.symbol.name for loop in equation.loops]
        assert len(set(loops)) == len(loops)


def test_letters_of_weights_follow_those_of_what_they_read():
    tensors = NETWORKS["units after units"].tensors
    axes = [tensors[f"dense{n}.weight"].axes for n in (1, 2, 3, 4)]
    assert axes == [("m", "q"), ("q", "m"), ("m", "q"), ("q", "m")]


def test_the_index_of_a_channel_that_is_its_own_group_is_that_of_the_output():
    network = sc.Network((4, 4, 2), [sc.Conv2D(2, 3, groups=2)], sc.SumOfOutputs())
    d = sc.derive(network)
    assert d.latex("conv1").startswith(r"z_{ijk} = \sum_{u=1}^{3} \sum_{v=1}^{3} w_{uvk} x_")
    assert d.latex("conv1.weight").startswith(r"\frac{\partial L}{\partial w_{uvk}} = ")
    assert d.latex("conv1.bias").startswith(r"\frac{\partial L}{\partial b_{k}} = ")


def test_a_layer_that_shares_weights_keeps_their_letters():
    layers = [sc.Dense(2), sc.Tanh(), sc.Dense(2, weight_from="dense1")]
    network = sc.Network((2,), layers, sc.SumOfOutputs())
    weight = network.tensors["dense1.weight"]
    reads = [r for e in network.equations for r in accesses(e.value) if r.base == weight.base]
    assert {read.indices for read in reads} == {weight.indices}


def test_where_letters_do_not_suffice_they_stay():
    x = sc.Tensor("x", (3,) * 8, "input", "x", tuple("rsghoqab"))
    y = sc.Tensor("y", (2,) * 8, "hidden", "y", tuple("rsghoqab"))
    pairs = zip("cfijklmp", "tuvwxyzn", strict=True)
    read = x[tuple(sc.index(one) + sc.index(other) for one, other in pairs)]
    over = {sc.index(letter): 2 for letter in "cfijklmptuvwxyzn"}
    assert carried([x], [y], [sc.define(y[y.indices], read, over=over)]) == {}
