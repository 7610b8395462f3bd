"""One step of gradient descent, and the loss after it."""

from math import exp

import pytest
from sympy import Rational

import symcnn as sc
from tests.draws import slow


@slow
def test_the_loss_after_the_step_is_the_one_of_the_moved_network():
    """The notebook's network once more, in plain Python, with the updated weights."""
    w = [0.203048752, 0.315243760, -0.092682995, 0.101219501, -0.093902496, 0.212804758]
    v = [0.107317005, 0.507926755, 0.603048752]
    x = [1, 0.4, 0.7]
    z = [[w[k] * x[i] + w[3 + k] * x[i + 1] for i in (0, 1)] for k in (0, 1, 2)]
    output = 1 / (1 + exp(-sum(a * max(b) for a, b in zip(v, z, strict=True))))
    tex = sc.explain(sc.examples.cnn_by_hand(), digits=7, detail="full").to_latex()
    assert rf"Loss after the step & $\approx {(0.8 - output) ** 2 / 2:.8f}$" in tex


def squared(rate, detail="standard"):
    """L = w^2 at w = 1, so L' = 2 and the step leads to (1 - 2 rate)^2."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.SquaredError())
    values = {"x": [1], "dense1.weight": [1], "target": [0]}
    return sc.explain(sc.Problem(network, values, learning_rate=rate), detail=detail).to_latex()


@pytest.mark.parametrize(
    ("rate", "after", "predicted", "verdict"),
    [
        (Rational(1, 4), "0.25", "0", "has decreased."),
        (1, "1", "-3", "is the same."),
        (2, "9", "-7", "has increased: the step was too long"),
    ],
)
def test_a_parabola(rate, after, predicted, verdict):
    tex = squared(rate)
    assert "The squared derivatives sum to $4$." in tex
    assert f"times this sum, from $1$ to ${predicted}$. In fact, it" in tex
    moves = {"0.25": "falls to $0.25$.", "1": "stays at $1$.", "9": "rises to $9$: the step was"}
    assert f"In fact, it {moves[after]}" in tex
    tex = squared(rate, "full")
    assert f"Loss after the step & ${after}$" in tex
    assert f"Loss predicted to first order & ${predicted}$" in tex
    assert f"the loss {verdict}" in tex


def test_without_a_learning_rate_there_is_no_step():
    assert "after the step" not in squared(None)
