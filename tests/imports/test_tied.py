"""A weight that a source reads in several layouts is one tensor: training equals the source's."""

import warnings

import numpy as np
import pytest

import symcnn as sc

torch = pytest.importorskip("torch")

from tests.imports.test_copies import Called  # noqa: E402 - it needs PyTorch

nn, functional = torch.nn, torch.nn.functional


def words(x, w):
    return functional.linear(functional.embedding(x, w).tanh(), w)


TIED = {
    "transposed": (lambda x, w: functional.linear(x @ w.T, w.T), (5, 3), (2, 3), (1, 0)),
    "square": (lambda x, w: functional.linear((x @ w.T).tanh(), w.T), (3, 3), (2, 3), (1, 0)),
    "kernel and matrix": (
        lambda x, w: functional.linear(functional.conv2d(x, w[:, :, None, None]).mean((2, 3)), w.T),
        (4, 3),
        (2, 3, 4, 4),
        (2, 3),
    ),
    "embedding and head": (words, (7, 4), None, (-1, 1, 0)),
    "turned kernel": (
        lambda x, w: functional.conv2d(functional.conv2d(x, w), w.transpose(2, 3)),
        (2, 2, 1, 3),
        (1, 2, 5, 6),
        (1, -1, 2, 3),
    ),
}
"""A function, the shapes of its weight and of the input, and the axes of the second layer."""


@pytest.mark.parametrize("name", TIED)
def test_training_equals_the_sources(name):
    function, shape, given, axes = TIED[name]
    module = Called(function, *shape).double()
    x = torch.tensor([[1, 2, 5]]) if given is None else torch.rand(given).double()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        problem = sc.from_torch(module, x)
    assert [layer.weight_axes for layer in problem.network.layers if layer.weight_from] == [axes]
    assert len(problem.network.parameters) == 1
    trained = sc.train(problem, steps=4, rate=0.01)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.01)
    for loss in trained.losses:
        made = module(x).sum()
        assert made.item() == pytest.approx(loss, rel=1e-12)
        optimiser.zero_grad()
        made.backward()
        optimiser.step()
    before = sc.train(problem, steps=5, rate=0.01).problem.state_dict()
    np.testing.assert_allclose(before["w"], module.w.detach().numpy(), rtol=1e-12)


def problem(*layers, shape):
    network = sc.Network(shape, layers, sc.SumOfOutputs())
    return sc.Problem(network, {t.name: [n % 5 - 1 for n in range(t.size)] for t in network.given})


def test_a_layer_reads_the_transpose_and_keeps_its_bias():
    """z = W^T tanh(W x + b) + c, worked out in NumPy, with the sum of both paths to W."""
    dense = sc.Dense(3, name="back", weight_from="there", weight_axes=(1, 0))
    made = problem(sc.Dense(2, name="there"), sc.Tanh(), dense, shape=(3,))
    assert [t.name for t in made.network.parameters] == ["there.weight", "there.bias", "back.bias"]
    x, w, b, c = (
        np.array(made.values[n], float) for n in ("x", "there.weight", "there.bias", "back.bias")
    )
    w = w.reshape(2, 3)
    a = np.tanh(w @ x + b)
    found = sc.evaluate(made)
    np.testing.assert_allclose(found.outputs["back"], w.T @ a + c, rtol=1e-14)
    slope = np.outer(w.sum(axis=1) * (1 - a**2), x) + np.outer(a, np.ones(3))
    np.testing.assert_allclose(found.gradients["there.weight"], slope, rtol=1e-13)


def test_a_document_says_whose_weight_it_is():
    dense = sc.Dense(3, name="back", weight_from="there", weight_axes=(1, 0))
    text = sc.explain(problem(sc.Dense(2, name="there"), dense, shape=(3,))).to_text()
    assert "It shares the weight of there, transposed: w." in text


def test_a_problem_file_keeps_the_axes(tmp_path):
    head = sc.Conv1D(4, 1, bias=False, weight_from="words", weight_axes=(-1, 1, 0))
    network = sc.Network((2,), [sc.Embedding(4, 3, name="words"), head], sc.SumOfOutputs())
    made = sc.Problem(network, {"x": [3, 1], "words.weight": [*range(12)]})
    sc.save(made, tmp_path / "tied.toml")
    assert "weight_axes = [-1, 1, 0]" in (tmp_path / "tied.toml").read_text()
    assert sc.load(tmp_path / "tied.toml") == made
    w = np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(sc.evaluate(made).outputs["conv1"], w[[3, 1]] @ w.T)


REFUSED = [
    ({"weight_axes": (1, 0)}, "weight_axes is given without weight_from: name the other layer"),
    *(
        (
            {"weight_from": "a", "weight_axes": axes},
            f"weight_axes = {[*axes]} does not make 3x2 of the weight of a, 2x3: give for each "
            "axis the other's, or -1",
        )
        for axes in ((0, 1), (1, 1), (1,), (2, 0), (-1, 0), (-2, 0), ())
    ),
    (
        {"weight_from": "b", "weight_axes": (1, 0)},
        "weight_from = 'b', whose weight is that of another layer: give 'a'",
    ),
]


@pytest.mark.parametrize(("settings", "said"), REFUSED)
def test_axes_that_do_not_fit_are_refused(settings, said):
    layers = [sc.Dense(2, name="a"), sc.Dense(3, name="b", weight_from="a", weight_axes=(1, 0))]
    if settings.get("weight_from") != "b":
        layers = layers[:1]
    with pytest.raises(sc.SymcnnError) as caught:
        sc.Network((3,), [*layers, sc.Dense(3, **settings)], sc.SumOfOutputs())
    assert str(caught.value) == f"layers[{len(layers)}] (Dense): {said}"
