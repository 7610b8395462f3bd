"""Exact evaluation: published figures, rationals, 50 digits, and its limits."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn.network.losses import SumOfOutputs
from symcnn.problems.evaluation.exact import nearest
from tests.problems.evaluation import yrgo


def figures(name):
    return [Rational(text) for text in yrgo.PUBLISHED[name].split()]


def test_the_published_tie_comes_out_exactly():
    made = sc.evaluate(yrgo.problem(), exact=True)
    assert made.outputs["relu1"].ravel().tolist() == figures("relu1")
    for name in ("relu1", "conv1.weight", "conv1.bias", "x"):
        assert made.gradients[name].ravel().tolist() == figures(f"gradient of {name}"), name


def test_in_floats_the_published_tie_is_broken_wrongly():
    """0.2 + 0.4 + 0.8 + 0.5 and 0.4 + 0.6 + 0.8 + 0.1 are both 1.9, and not the same float."""
    problem = yrgo.problem()
    made = sc.lambdify(problem.derivation, "array")(problem.values)
    window = made.outputs["relu1"][[0, 0, 1], [2, 3, 3], 0]
    assert window == pytest.approx([1.9] * 3, abs=1e-15)
    assert len(set(window.tolist())) > 1
    weight = made.gradients["conv1.weight"].ravel()
    assert not np.allclose(weight, [30, 40, 100, 100])


def test_equal_entries_can_share():
    made = sc.evaluate(yrgo.problem("split"), exact=True)
    third = Rational(20, 3)
    assert made.gradients["relu1"][:2, 2:, 0].ravel().tolist() == [third, third, 0, third]


def test_what_is_not_rational_has_fifty_digits():
    made = sc.evaluate(sc.examples.cnn_by_hand(), exact=True)
    with mpmath.workdps(70):
        sigma = 1 / (1 + mpmath.exp(-mpmath.mpf(107) / 500))
        loss = (mpmath.mpf(4) / 5 - sigma) ** 2 / 2
        delta = (sigma - mpmath.mpf(4) / 5) * sigma * (1 - sigma)
        assert abs(mpmath.mpf(str(made.loss)) - loss) < mpmath.mpf(10) ** -50
        assert abs(mpmath.mpf(str(made.gradients["dense1"][0])) - delta) < mpmath.mpf(10) ** -50
    assert made.outputs["dense1"].tolist() == [Rational(107, 500)]


def test_floats_are_the_nearest_ones():
    third = Fraction(1, 3)
    assert nearest(Rational(1, 3)) == third.numerator / third.denominator
    assert nearest(Rational(2**80 + 2**27 + 1, 2**80)) == 1 + 2**-52  # above the middle: up
    assert nearest(Rational(2**80 + 2**27, 2**80)) == 1.0  # in the middle: to the even one
    rounded = sc.evaluate(yrgo.problem(), exact=True).rounded()
    assert rounded.outputs["relu1"][0, 1, 0] == 1.9
    assert isinstance(rounded.loss, float)


def test_a_batch_keeps_its_axis():
    network = sc.Network((2,), [sc.Dense(1, bias=False)], SumOfOutputs(), batch=2)
    values = {"x": [[1, "1/3"], [2, 5]], "dense1.weight": [3, 1]}
    values["x"][0][1] = Rational(1, 3)
    made = sc.evaluate(sc.Problem(network, values), exact=True)
    assert made.outputs["dense1"].tolist() == [[Rational(10, 3)], [11]]
    assert made.gradients["dense1.weight"].tolist() == [[3, Rational(16, 3)]]


def test_a_large_network_is_refused_in_one_line():
    network = sc.Network((64, 64, 1), [sc.Conv2D(4, 3, bias=False)], SumOfOutputs())
    problem = sc.Problem(network, {"x": [1] * 4096, "conv1.weight": [1] * 36})
    with pytest.raises(sc.TooLargeError, match=r"^the network has .* omit exact$"):
        sc.evaluate(problem, exact=True)


def test_the_document_of_a_tie_is_checked_and_names_the_rule():
    text = sc.explain(yrgo.problem()).to_markdown()
    assert "first in row-major order" in text
    assert "The two results agree in every digit." in text


def test_the_softmax_of_one_class_is_exactly_1():
    network = sc.Network((1,), [sc.Tanh(), sc.Softmax()], sc.CrossEntropy())
    problem = sc.Problem(network, {"x": [0.3], "target": [1]})
    assert sc.evaluate(problem, exact=True).outputs["softmax1"].tolist() == [1]
