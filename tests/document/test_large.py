"""Large networks: general forms, one worked example a tensor, and bounds."""

import random

import pytest

import symcnn as sc
from symcnn import limits


def classifier(side):
    """A convolution, a pooling and a softmax over the classes; many entries, few rows."""
    layers = [
        sc.Conv2D(3, 3, padding=1),
        sc.Tanh(),
        sc.MaxPool2D(2),
        sc.Flatten(),
        sc.Dense(2),
        sc.Softmax(),
    ]
    network = sc.Network((side, side, 1), layers, sc.CrossEntropy())
    draw = random.Random(side)
    values = {
        tensor.name: [draw.randint(-9, 9) / 10 for _ in range(tensor.size)]
        for tensor in network.tensors.values()
        if tensor.role in ("input", "parameter")
    }
    return sc.Problem(network, values | {"target": [0, 1]})


def test_past_a_size_each_tensor_has_one_example():
    text = sc.explain(classifier(12)).to_markdown()
    assert len(text.splitlines()) < 1000
    assert "There are 432 such entries; one of them as an example:" in text
    assert r"### By $`\ell^{(2)}`$, the normaliser of softmax1" in text


def test_all_weights_are_shown_on_request():
    problem = classifier(6)
    rows = [
        sc.explain(problem, all_weights=every)
        .to_latex()
        .count(r"\frac{\partial L}{\partial w^{(2)}")
        for every in (False, True)
    ]
    assert rows[0] < 10
    assert rows[1] >= 54


def test_too_many_are_refused_in_one_line():
    with pytest.raises(
        sc.TooLargeError, match=f"{limits.ALL_WORKED_ENTRIES:,} that are worked one by one"
    ):
        sc.explain(classifier(32), all_weights=True)
