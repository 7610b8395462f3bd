"""What a user meets first: the public names, help, and how objects show themselves."""

import re

import pytest

import symcnn as sc
from tests.programs.random_networks import example

NAMES = {name: getattr(sc, name) for name in sc.__all__}


def test_dir_lists_the_public_names_once():
    listed = [name for name in dir(sc) if not name.startswith("__")]
    assert listed == sorted(sc.__all__)
    assert "__version__" in dir(sc)


def test_help_opens_with_all_public_names():
    assert set(re.findall(r"\w+", sc.__doc__)) >= set(sc.__all__)


@pytest.mark.parametrize("seed", range(40))
def test_a_network_shows_the_call_that_makes_it(seed):
    network = example(seed).network
    assert eval(repr(network), NAMES) == network


def test_what_is_left_at_its_default_is_not_shown():
    assert repr(sc.Conv2D(3, kernel_size=(2, 1), bias=False)) == "Conv2D(3, (2, 1), bias=False)"
    assert repr(sc.Add(inputs=("a", "b"), name="c")) == "Add(name='c', inputs=('a', 'b'))"
    assert repr(sc.MeanSquaredError(l2=0.1)) == "MeanSquaredError(l2=0.1)"


def test_results_say_in_a_line_what_they_hold():
    problem = sc.examples.cnn_by_hand()
    held = (
        "loss 0.0304312; outputs of conv1, pool1, flatten1, dense1, sigmoid1; gradients of x, "
        "conv1.weight, conv1, pool1, flatten1, dense1.weight, dense1, sigmoid1"
    )
    assert repr(sc.evaluate(problem)) == f"<Evaluation: {held}>"
    assert repr(sc.evaluate(problem, exact=True)) == f"<ExactEvaluation: {held}>"
    assert re.fullmatch(
        r"<GradientCheck: 12 derivatives, largest difference \S+ "
        r"\(complex step, h = 2\^-600, every entry\)>",
        repr(sc.gradcheck(problem)),
    )
    assert repr(sc.lambdify(problem.derivation)) == (
        "<Program in float64 of x (3, 1, 1), conv1.weight (2, 1, 1, 3), dense1.weight (1, 3), "
        "target (1,)>"
    )
