"""VGG-16, whose 168 million entries are no obstacle to general forms."""

import pytest
from sympy import Max, Min, Sum

import symcnn as sc
from tests.draws import slow


def layers():
    made = []
    for depth, filters in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]:
        for _ in range(depth):
            made += [sc.Conv2D(filters, 3, padding=1), sc.ReLU()]
        made.append(sc.MaxPool2D(2))
    dense = [sc.Dense(4096), sc.ReLU(), sc.Dense(4096), sc.ReLU(), sc.Dense(1000)]
    return [*made, sc.Flatten(), *dense]


def test_vgg_16_derives_its_general_forms():
    network = sc.Network((224, 224, 3), layers(), sc.SoftmaxCrossEntropy())
    derivation = sc.derive(network)
    assert sum(tensor.size for tensor in network.parameters) == 138_357_544  # Simonyan, Zisserman
    forms = {name: derivation.partial(name) for name in derivation.adjoints}
    x, delta = network.tensors["x"], derivation.adjoints["conv1"]
    i, j, k, u, v, c = (sc.index(name) for name in "ijkuvc")
    rows = (i, Max(0, 1 - u), Min(223, 224 - u))
    columns = (j, Max(0, 1 - v), Min(223, 224 - v))
    term = delta[i, j, k] * x[i + u - 1, j + v - 1, c]
    assert forms["conv1.weight"] == Sum(term, columns, rows)
    program = sc.lambdify(derivation, dtype="float32", results="training")
    assert len(program.given) == 2 * 16 + 2  # every weight and bias, the image and the target


def test_what_the_memory_does_not_hold_is_refused_before_anything_is_computed(monkeypatch):
    monkeypatch.setattr("symcnn.network.network.memory", lambda: 2 * 10**9)
    network = sc.Network((224, 224, 3), layers(), sc.SoftmaxCrossEntropy())
    with pytest.raises(sc.TooLargeError, match="too many for the 2 GB of memory") as caught:
        sc.lambdify(sc.derive(network))
    assert len(str(caught.value)) <= 200
    assert "dense1.weight alone 102,760,448" in str(caught.value)


@slow
def test_vgg_16_derives_for_images_of_any_size():
    H, W, C = (sc.size(name) for name in "HWC")  # noqa: N806 - as on paper
    network = sc.Network((H, W, C), layers(), sc.SoftmaxCrossEntropy())
    derivation = sc.derive(network)
    names = ("x", "conv1.weight", "conv13", "dense1.weight")
    assert all(derivation.partial(name) != 0 for name in names)
    concrete = network.at({H: 224, W: 224, C: 3})
    assert concrete.tensors["dense1.weight"].shape == (4096, 25_088)
