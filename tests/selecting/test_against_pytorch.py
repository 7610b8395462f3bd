"""What indices that are no affine forms compute, and its derivatives, against PyTorch."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import symcnn as sc
from tests.draws import some
from tests.selecting.layers import (
    Circular,
    CircularMaximum,
    Contrastive,
    Encoded,
    EveryOther,
    LabelCrossEntropy,
    Multiplied,
    Nearest,
    ShortCircular,
    Unpool,
)
from tests.supplied import supplied

torch = pytest.importorskip("torch")


def circular(layer):
    def run(x, leaves):
        positions = range(0, x.shape[1], layer.stride)
        taps = range(layer.kernel)
        read = [
            [(i + layer.dilation * u - layer.padding) % x.shape[1] for u in taps] for i in positions
        ]
        return torch.einsum("niuc,uck->nik", x[:, read], leaves["layer1.weight"])

    return run


def unpooled(x, leaves):
    y = torch.zeros(x.shape[0], 6, x.shape[2], dtype=x.dtype)
    for n, places in enumerate(leaves["layer1.places"].reshape(x.shape[0], -1).long()):
        y[n] = y[n].index_add(0, places, x[n])
    return y


def encoded(x, leaves):
    i, c = torch.meshgrid(torch.arange(x.shape[1]), torch.arange(x.shape[2]), indexing="ij")
    return x + torch.sin(i * 10.0 ** (-c.double() / x.shape[2]))


LAYERS = {
    "circular": (Circular(), circular(Circular())),
    "circular, stride 2": (Circular(2, 2, 1, 3), circular(Circular(2, 2, 1, 3))),
    "circular, dilation 3": (Circular(3, 1, 3, 2), circular(Circular(3, 1, 3, 2))),
    "circular, longer than the input": (Circular(4, 3, 2, 7), circular(Circular(4, 3, 2, 7))),
    "nearest": (Nearest(), lambda x, leaves: x.repeat_interleave(2, 1)),
    "nearest, factor 3": (Nearest(3), lambda x, leaves: x.repeat_interleave(3, 1)),
    "circular maximum": (
        CircularMaximum(),
        lambda x, leaves: torch.stack([x.roll(-u, 1) for u in range(3)]).amax(0),
    ),
    "circular mean of the first three": (
        ShortCircular(),
        lambda x, leaves: x[:, [[0, 1], [1, 2], [2, 0], [0, 1], [1, 2]]].mean(2),
    ),
    "odd positions": (
        EveryOther(),
        lambda x, leaves: x * torch.tensor([0.0, 1, 0, 1, 0], dtype=x.dtype)[:, None],
    ),
    "unpooling": (Unpool(), unpooled),
    "product": (Multiplied(), lambda x, leaves: x.unfold(1, 3, 1).prod(-1)),
    "encoding": (Encoded(), encoded),
}


def numbers(network, seed):
    drawn = np.random.default_rng(seed)
    values = {t.name: drawn.normal(size=t.shape) for t in network.given}
    return values | {k: v.astype(float) for k, v in supplied(network, drawn).items()}


def with_places(network, values):
    """Places of different entries may be the same; the helper only knows masks and weights."""
    for name, length in network.indexing.items():
        assert np.all((values[name] >= 0) & (values[name] < length))
    return values


@pytest.mark.parametrize(
    ("name", "backend", "batch"), some(product(LAYERS, ["array", "scalar"], [None, 3]))
)
def test_a_layer_and_its_gradients(name, backend, batch):
    layer, run = LAYERS[name]
    layers = [layer, sc.Tanh(), sc.Flatten(), sc.Dense(2)]
    network = sc.Network((5, 2), layers, sc.SquaredError(), batch=batch)
    values = with_places(network, numbers(network, 1))
    if name == "product":
        values["x"].flat[2] = 0.0  # the product of the others is no quotient there
    made = sc.lambdify(sc.derive(network), backend)(values)
    leaves = {k: torch.tensor(v, requires_grad=True) for k, v in values.items()}
    x, target = leaves["x"], leaves["target"]
    samples = x if batch else x[None]
    z = torch.tanh(run(samples, leaves)).flatten(1)
    z = torch.nn.functional.linear(z, leaves["dense1.weight"], leaves["dense1.bias"])
    loss = ((z - target.reshape(z.shape)) ** 2).sum(1).mean()
    loss.backward()
    assert made.loss == pytest.approx(loss.item(), rel=1e-12)
    for key in {"x", *(t.name for t in network.parameters)}:
        assert made.gradients[key] == pytest.approx(leaves[key].grad.numpy(), rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("batch", [None, 1, 4])
def test_a_loss_that_compares_samples(batch):
    layers = [sc.Dense(3), sc.Tanh()]
    network = sc.Network((2,), layers, Contrastive(), batch=batch)
    values = numbers(network, 2)
    made = sc.lambdify(sc.derive(network, ["target"]))(values)
    leaves = {k: torch.tensor(v, requires_grad=True) for k, v in values.items()}
    x, t = (leaves[k].reshape(batch or 1, -1) for k in ("x", "target"))
    y = torch.tanh(torch.nn.functional.linear(x, leaves["dense1.weight"], leaves["dense1.bias"]))
    loss = torch.nn.functional.cross_entropy(y @ t.T, torch.arange(batch or 1))
    loss.backward()
    assert made.loss == pytest.approx(loss.item(), rel=1e-12, abs=1e-15)
    for key, leaf in leaves.items():
        assert made.gradients[key] == pytest.approx(leaf.grad.numpy(), rel=1e-10, abs=1e-14), key


@pytest.mark.parametrize("batch", [None, 4])
def test_classes_as_whole_numbers(batch):
    network = sc.Network((2,), [sc.Dense(3)], LabelCrossEntropy(), batch=batch)
    values = numbers(network, 3)
    made = sc.lambdify(sc.derive(network))(values)
    leaves = {k: torch.tensor(v, requires_grad=True) for k, v in values.items()}
    z = torch.nn.functional.linear(leaves["x"], leaves["dense1.weight"], leaves["dense1.bias"])
    labels = torch.tensor(values["loss.label"]).long().ravel()
    loss = torch.nn.functional.cross_entropy(z.reshape(batch or 1, 3), labels)
    loss.backward()
    assert made.loss == pytest.approx(loss.item(), rel=1e-12)
    assert made.gradients["dense1.weight"] == pytest.approx(leaves["dense1.weight"].grad.numpy())
