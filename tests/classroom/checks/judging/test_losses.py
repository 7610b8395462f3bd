"""Losses: the gradient with respect to the outputs that somebody's function returns."""

import numpy as np
import pytest

import symcnn as sc
from symcnn.problems.catalog import LOSSES

RIGHT = {
    "squares": (sc.MeanSquaredError(), lambda x, t: 2 * (x - t) / x.size),
    "halves": (sc.HalfSquaredError(reduction="sum"), lambda x, t: x - t),
    "logistic": (sc.BinaryCrossEntropy(), lambda x, t: (x - t) / (x * (1 - x)) / len(x)),
    "hinge": (sc.Hinge(), lambda x, t: np.where(t * x < 1, -t, 0) / len(x)),
    "divergence": (sc.KLDivergence(), lambda x, t: -t / x / len(x)),
}


@pytest.mark.parametrize(("loss", "function"), RIGHT.values(), ids=RIGHT)
def test_a_right_gradient_passes(loss, function):
    verdict = sc.check_backward(function, loss)
    assert verdict, str(verdict)
    assert verdict.title == f"Gradient of {loss!r}"
    assert sc.check_backward(lambda x, t: (0.25, function(x, t)), loss, batch=3, input_shape=(6,))


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [(lambda made: 2 * made, "factor 2"), (lambda made: -made, "sign")],
    ids=["doubled", "reversed"],
)
def test_a_wrong_one_is_named(name, wrong, mistake):
    loss, function = RIGHT[name]
    (finding,) = sc.check_backward(lambda x, t: wrong(function(x, t)), loss).findings
    assert finding.verdict == "wrong"
    assert mistake in finding.mistake


@pytest.mark.parametrize("kind", LOSSES.values(), ids=LOSSES)
def test_every_loss_is_told_from_another_gradient(kind):
    (finding,) = sc.check_backward(lambda x: x**3 + 7, kind.made()).findings
    assert finding.verdict == "wrong"


def test_a_shape_that_a_loss_does_not_take_is_refused():
    with pytest.raises(sc.SymcnnError, match="batch"):
        sc.check_backward(lambda x, t: x, sc.Hinge(), batch=0)


def test_the_arrays_of_a_loss_have_its_own_names():
    def gradient(y_hat, labels):
        return labels - y_hat

    verdict = sc.check_backward(gradient, sc.HalfSquaredError(reduction="sum"))
    (finding,) = verdict.findings
    assert finding.name == "gradient of prediction"
    assert "sign" in finding.mistake
    assert {*finding.case.inputs} == {"prediction", "target"}
    assert "y_hat is prediction, labels is target" in verdict.notes[0]


@pytest.mark.parametrize(
    "made", [float, lambda number: np.array([number])], ids=["number", "array"]
)
def test_the_value_of_a_loss_is_checked(made):
    def loss(prediction, target):
        return made(((prediction - target) ** 2).sum() / 2 / len(prediction))

    verdict = sc.check_forward(loss, sc.HalfSquaredError())
    assert verdict, verdict.to_text()
    assert verdict.title == "Value of HalfSquaredError()"
    (finding,) = sc.check_forward(loss, sc.HalfSquaredError(reduction="sum")).findings
    assert (finding.name, finding.verdict) == ("loss", "wrong")


def _by_labels(scores, y):
    made = np.exp(scores - scores.max(axis=1, keepdims=True))
    made /= made.sum(axis=1, keepdims=True)
    made[np.arange(len(y)), y] -= 1
    return made


def test_a_target_is_passed_as_labels_where_the_function_takes_these():
    loss = sc.SoftmaxCrossEntropy()
    right = sc.check_backward(lambda scores, y: _by_labels(scores, y) / len(y), loss)
    assert right, right.to_text()
    assert sum("passed as labels" in note for note in right.notes) == 1
    (finding,) = sc.check_backward(_by_labels, loss).findings
    assert finding.mistake == "multiplied by the number of samples"

    network = sc.Network((3,), [sc.Dense(4)], loss, batch=2)

    def gradients(w, b, x, y):
        signal = _by_labels(x @ w.T + b, y) / len(y)
        return signal.T @ x, signal.sum(axis=0)

    assert sc.check_gradients(gradients, network)


def test_a_target_is_passed_as_it_is_where_the_function_takes_it():
    def crashes(scores, y):
        raise RuntimeError("always")

    for function in (crashes, lambda scores, y: scores[:1]):
        verdict = sc.check_backward(function, sc.SoftmaxCrossEntropy())
        assert not verdict
        assert not any("labels" in note for note in verdict.notes)
