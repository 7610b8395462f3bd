"""A loss that is predicted to be negative: said to be impossible where no numbers make it so."""

from dataclasses import replace

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc

CASES = {
    "a square": ([], sc.SquaredError(), [1, -2]),
    "a mean of squares with a penalty": ([], sc.MeanSquaredError(l2=1), [1, -2]),
    "squares of single outputs": ([sc.Tanh()], sc.HalfSquaredError(), [3, 3]),
    "cross-entropy with a logistic function": ([sc.Sigmoid()], sc.BinaryCrossEntropy(), [0, 1]),
    "cross-entropy with a softmax": ([sc.Softmax()], sc.CrossEntropy(), [0, 1]),
    "cross-entropy of a copied softmax": ([sc.Softmax(), sc.Flatten()], sc.CrossEntropy(), [0, 1]),
    "softmax cross-entropy": ([], sc.SoftmaxCrossEntropy(), [0, 1]),
    "no probabilities": ([sc.Softplus()], sc.CrossEntropy(), [1, 1]),
    "a sum": ([], sc.SumOfOutputs(), None),
}
FOUND = "which this loss cannot be"


def problem(layers, loss, target):
    network = sc.Network((2,), [sc.Dense(2), *layers], loss)
    numbers = {"x": [1, 2], "dense1.weight": [1, -1, 2, 1], "dense1.bias": [0, 1]}
    values = numbers if target is None else {**numbers, "target": target}
    return sc.Problem(network, values, learning_rate=10_000)


@pytest.mark.parametrize("name", CASES)
def test_a_loss_is_said_to_be_never_negative_if_no_numbers_make_it_so(name):
    """400 random weights make each of the other losses negative."""
    pytest.importorskip("rich")
    stated = problem(*CASES[name])
    text = sc.explain(stated).to_text().replace("\n", " ")
    program, draw = sc.lambdify(stated.derivation), np.random.default_rng(1)
    drawn = (
        program({**stated.values, "dense1.weight": draw.normal(0, 3, 4).tolist()}).loss
        for _ in range(400)
    )
    assert (FOUND in text) == (min(drawn) >= 0)


def test_a_prediction_that_is_possible_is_left_as_it_is():
    pytest.importorskip("rich")
    stated = problem(*CASES["a square"])
    assert FOUND not in sc.explain(replace(stated, learning_rate=Rational(1, 2000))).to_text()


def test_a_student_is_not_told():
    pytest.importorskip("rich")
    stated = sc.explain(problem(*CASES["a square"])).with_blanks()
    assert FOUND not in stated.to_text().replace("\n", " ")
