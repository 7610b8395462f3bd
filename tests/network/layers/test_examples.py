import pytest
from sympy import Rational

from symcnn import HalfSquaredError, Network, derive
from symcnn.problems import catalog
from tests.draws import some
from tests.network.layers.check import (
    DIGITS,
    as_given,
    assert_derivatives,
    assert_forward,
    network,
    random_values,
)
from tests.network.layers.examples import EXAMPLES

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


@each_example
def test_shape_and_parameter_count(example):
    net = network(example)
    assert net.output.shape == example.output_shape
    assert sum(t.size for t in net.parameters) == example.parameters


@each_example
def test_forward(example):
    assert_forward(example)


@each_example
def test_derivatives(example):
    assert_derivatives(example)


@pytest.mark.parametrize("example", some(EXAMPLES, 4), ids=str)
def test_the_general_form_agrees_with_the_one_by_hand(example):
    """Two readings that share the equations alone; every third entry, for speed."""
    net = network(example)
    derivation = derive(net)
    point = derivation.at(as_given(random_values(net, seed=2)), DIGITS)
    for name, adjoint in derivation.adjoints.items():
        general, free = derivation.partial(name), derivation.indices(name)
        for position in list(adjoint.positions())[::3]:
            there = point.put_in(general.subs(dict(zip(free, position, strict=True))))
            assert abs(there - point.value(adjoint.symbol(position))) < Rational(1, 10**45)


@each_example
def test_a_batch_leaves_the_parameters_as_they_are(example):
    one = network(example)
    several = Network(example.input_shape, example.layers, HalfSquaredError(), batch=3)
    assert several.output.shape == (3, *example.output_shape)
    assert several.parameters == one.parameters


def test_every_layer_has_an_example():
    shown = {type(example.layer) for example in EXAMPLES}
    assert shown == {kind.made for kind in catalog.LAYERS.values()}


@each_example
def test_a_layer_names_what_it_learns(example):
    """Problem files have a key for each parameter, which a setting may turn off."""
    layer = example.layer
    on = {name for name, switch in layer.learned.items() if not switch or getattr(layer, switch)}
    assert on == set(layer.parameters(example.input_shape))
    assert layer.supplied.keys() >= layer.givens(example.input_shape).keys()
