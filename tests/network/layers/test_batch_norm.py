"""Batch normalisation in a batch, whose samples share mean and variance."""

from fractions import Fraction
from functools import partial

import pytest
from sympy import Rational

import symcnn as sc
from symcnn import BatchNorm, HalfSquaredError, Network, SymcnnError, derive
from symcnn.errors import NotFiniteError
from tests.network.layers import reference
from tests.network.layers.check import assert_gradients, random_values


@pytest.mark.parametrize("shape", [(2,), (2, 1), (1, 2, 2)])
@pytest.mark.parametrize("layer", [BatchNorm(), BatchNorm(epsilon=0.5, affine=False)], ids=str)
def test_gradients_flow_through_the_statistics_of_the_batch(shape, layer):
    net = Network(shape, [layer], HalfSquaredError(), batch=3)

    def loss(v):
        learned = {name.split(".")[1]: value for name, value in v.items() if "." in name}
        y = reference.batch_norm(layer, v["x"], **learned)
        return ((v["target"] - y) ** 2).sum() / 2 / 3

    assert_gradients(net, random_values(net, seed=9), loss)


def test_statistics_are_the_batchs_and_exact():
    """Of 1, 2, 4, 9 the mean is 4, and the variance (9 + 4 + 0 + 25) / 4 = 19/2."""
    d = derive(Network((2, 1), [BatchNorm(affine=False)], HalfSquaredError(), batch=2))
    point = d.at({"x": [1, 2, 4, 9], "target": [0] * 4})
    tensors = d.network.tensors
    assert point.put_in(tensors["batch_norm1.mean"][0]) == 4
    assert point.put_in(tensors["batch_norm1.variance"][0]) * 2 == 19


def test_the_general_forms_are_the_textbooks():
    d = derive(Network((3,), [BatchNorm()], HalfSquaredError(), batch=4))
    assert str(d.partial("batch_norm1.weight")) == "Sum(delta^y[n, q]*xhat[n, q], (n, 0, 3))"
    assert str(d.partial("batch_norm1.bias")) == "Sum(delta^y[n, q], (n, 0, 3))"


def test_scaling_the_input_changes_nothing_while_epsilon_is_small():
    layer = BatchNorm(epsilon=Fraction(1, 10**60), affine=False)
    net = Network((3, 2), [layer], HalfSquaredError())
    point = {name: v.ravel().tolist() for name, v in random_values(net, seed=10).items()}
    moved = {**point, "x": [7 * v / 3 + 5 for v in point["x"]]}
    one, other = (derive(net).at(values) for values in (point, moved))
    for position in net.output.positions():
        symbol = net.output.symbol(position)
        assert abs(one.value(symbol) - other.value(symbol)) < Rational(1, 10**45)


@pytest.mark.parametrize(("shape", "batch"), [((3,), None), ((3,), 1), ((1, 1, 3), None)])
def test_one_value_for_each_channel_has_no_variance(shape, batch):
    with pytest.raises(SymcnnError) as refused:
        Network(shape, [BatchNorm()], HalfSquaredError(), batch)
    assert str(refused.value) == (
        f"layers[0] (BatchNorm): an input of shape {shape} has one value per channel "
        "and hence no variance: give several samples, batch = ..., or several positions"
    )


def alternating(samples):
    """A channel with mean 0 and variance 1, which epsilon = 0 leaves as it is, and an upstream."""
    network = Network((2, 1), [BatchNorm(epsilon=0, affine=False)], sc.Upstream(), batch=2)
    return sc.Problem(network, {"x": samples, "gradient": [1, 0, 0, 0]})


def test_epsilon_may_be_0_in_training():
    """dx = (g - mean g - xhat mean(g xhat)) / sqrt(V), with V = 1 and xhat = x, worked by hand."""
    problem = alternating([1, -1, 1, -1])
    result = sc.evaluate(problem, exact=True)
    assert result.outputs["batch_norm1"].ravel().tolist() == [1, -1, 1, -1]
    assert result.gradients["x"].ravel().tolist() == [Rational(1, 2), 0, -Rational(1, 2), 0]
    assert sc.gradcheck(problem).max_abs_error < 1e-12
    text = sc.explain(problem, sections=("forward",)).to_markdown()
    assert r"\sqrt{V}" in text
    assert "added to the variance" not in text


def test_a_variance_of_0_is_refused_at_epsilon_0():
    for made in (sc.evaluate, partial(sc.evaluate, exact=True), sc.explain, sc.gradcheck):
        with pytest.raises(NotFiniteError) as refused:
            made(alternating([3, 3, 3, 3]))
        assert str(refused.value) == (
            "batch_norm1[0, 0, 0]: 1/sqrt(batch_norm1.variance[0]) is undefined where "
            "batch_norm1.variance[0] = 0: choose values or weights at which it is defined"
        )


@pytest.mark.parametrize("epsilon", [-1e-5, "0.1", None, float("nan")])
def test_an_epsilon_that_is_none(epsilon):
    with pytest.raises(SymcnnError, match=r"^layers\[0\] \(BatchNorm\): epsilon is "):
        Network((3, 2), [BatchNorm(epsilon=epsilon)], HalfSquaredError())
