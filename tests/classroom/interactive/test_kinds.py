"""How given numbers of a page may change: as the loss permits for its target."""

import pytest

import symcnn as sc
from symcnn.classroom.interactive.facts import _kind

KINDS = [
    (sc.BinaryCrossEntropy(), [1, 0], "free"),
    (sc.BinaryCrossEntropy(), [1, 1], "free"),
    (sc.SoftmaxCrossEntropy(), [1, 0], "sum"),
    (sc.SoftmaxCrossEntropy(), [0, 1], "sum"),
    (sc.HalfSquaredError(), [1, 0], "free"),
]


@pytest.mark.parametrize(("loss", "target", "kind"), KINDS)
def test_a_target_may_change_where_the_loss_takes_another(loss, target, kind):
    activation = sc.Sigmoid() if isinstance(loss, sc.BinaryCrossEntropy) else sc.Scale(2)
    network = sc.Network((2,), [activation], loss)
    problem = sc.Problem(network, {"x": [1, 2], "target": target})
    assert _kind(problem, "target") == kind
