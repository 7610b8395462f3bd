"""What documents say of their numbers: each sentence where it is true, and nowhere else."""

import re

import pytest

import symcnn as sc
from tests.document.shared import SEED, problem_named


def insights(problem):
    text = re.sub(r"\s+", " ", sc.explain(problem, sections=["insights"]).to_text())
    return text.rpartition("═")[2].strip()


def dense(weights, x=(1, 2), target=0, rate=None):
    """Return the problem of one neuron w x without a bias, half squared error."""
    net = sc.Network((len(x),), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": list(x), "dense1.weight": list(weights), "target": [target]}
    return sc.Problem(net, values, learning_rate=rate)


def test_the_seed():
    assert insights(problem_named(SEED)) == (
        "All 9 derivatives are negative: a small increase of any one weight lowers the loss. The "
        "loss is most sensitive to w₁₂: among the 9 derivatives, ≈ -0.0304875 is the largest in "
        "absolute value. The closest comparison is that of p₁: z₁₁ is ahead of z₂₁ by 0.09. One "
        "step of gradient descent lowers the loss from ≈ 0.0304312 to ≈ 0.0291863."
    )


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (dense([3, 4]), "All 2 derivatives are positive: a small decrease of any one weight"),
        (dense([-3, -4]), "All 2 derivatives are negative: a small increase of any one weight"),
        (dense([2, -1]), "All 2 derivatives are 0: to first order, no weight changes the loss."),
        (dense([3, 4]), "most sensitive to w₂: among the 2 derivatives, 22 is the largest"),
        (dense([3, 4], x=(0, 2)), "w₁ is 0, because everything by which this weight is multiplied"),
        (dense([3, 4], rate=1), "raises the loss from 60.5 to 968"),
        (dense([3, 4], rate=0.1), "lowers the loss from 60.5 to 15.125"),
    ],
)
def test_it_is_said_where_it_is_true(problem, said):
    assert said in insights(problem)


@pytest.mark.parametrize(
    ("problem", "left_out"),
    [
        (dense([3, 4], x=(1, -2)), "All 2 derivatives"),
        (dense([3, 4], x=(2, 2)), "most sensitive"),
        (dense([3, 4], x=(2, -2)), "most sensitive"),
        (dense([3, 4]), "0, because"),
        (dense([3, 4]), "One step"),
        (dense([3, 4]), "closest comparison"),
    ],
)
def test_it_is_not_said_elsewhere(problem, left_out):
    assert left_out not in insights(problem)
