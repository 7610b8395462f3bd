"""The document of a training: what it says, and that it is checked."""

import sys
from dataclasses import replace

import numpy as np
import pytest

import symcnn as sc
from symcnn.document.training_report import report
from symcnn.errors import NotFiniteError, UnverifiedError
from tests.problems.training.test_descent import line, square

DATA = {"x": np.eye(2)[[0, 1, 0, 1, 0]], "y": [0, 1, 0, 1, 0]}


def text(made):
    return " ".join(report(made).to_markdown().split())


def test_it_tells_the_step_and_the_losses():
    told = text(sc.train(line(), 2, 0.125))
    assert r"subtracts $`\eta`$ times the derivative" in told
    assert r"$`\eta = 0.125`$. There is 1 of them" in told
    assert r"| 2 | $`\approx 1.12500`$ |" in told
    assert "every entry). The largest difference" in told
    assert "batch" not in told


def test_it_tells_of_samples():
    told = text(sc.train(square(), 3, 1e-3, DATA, batch=2))
    assert "a batch of 2 of the 5 samples" in told
    assert "at the end of an order, 1 sample, waits for the next" in told
    assert "At the trained weights, with 2 samples, the loss" in told


def test_every_format_can_be_written():
    document = report(sc.train(square(), 3, 1e-3, DATA, batch=2))
    assert {*document.files("md", "training")} == {"training.md", "training-1.svg"}
    assert "\\begin{tikzpicture}" in document.to_latex()


def wrong_loss(found):
    return replace(found, loss=found.loss + 1e-3)


def wrong_derivative(found):
    found.gradients["dense1.weight"] += 1e-3
    return found


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (wrong_loss, "the loss"),
        (wrong_derivative, r"the derivative with respect to dense1\.weight\[0, 0\]"),
    ],
)
def test_what_is_wrong_is_found(wrong, what, monkeypatch):
    made = sc.train(line(), 2, 0.125)

    def broken(derivation):
        return lambda values: wrong(sc.lambdify(derivation)(values))

    monkeypatch.setattr(sys.modules["symcnn.document.training_report"], "lambdify", broken)
    with pytest.raises(UnverifiedError, match=f"{what} at the trained weights"):
        report(made)


@pytest.mark.parametrize("width", [1, 40])
def test_a_derivative_beyond_floats_is_told(width):
    """L = y^2/2 with y = w x = 1e150 is within their range, dL/dx = y w = 1e350 is not."""
    network = sc.Network((width,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1e-50] * width, "dense1.weight": [1e200] * width, "target": [0]}
    made = sc.train(sc.Problem(network, values), 2, 1e-250)
    said = r"at the trained weights: dL/d x\[0\] is \de\+35\d, beyond the range of floating point"
    with pytest.raises(NotFiniteError, match=said):
        report(made)


def test_an_output_beyond_floats_is_told_though_no_loss_shows_it():
    """The sigmoid of 1e400 is 1, to all digits that a float has."""
    network = sc.Network((1,), [sc.Dense(1, bias=False), sc.Sigmoid()], sc.HalfSquaredError())
    values = {"x": [1e200], "dense1.weight": [1e200], "target": [0.5]}
    made = sc.train(sc.Problem(network, values), 2, 0.5)
    assert made.losses == (0.125, 0.125, 0.125)
    with pytest.raises(NotFiniteError, match=r"dense1\[0\] is 1e\+400, beyond the range"):
        report(made)


def test_a_kink_is_checked_from_the_side_on_which_the_steps_met_it():
    """The sum is 0, where ReLU's slope is 0 or 1; in floats it depends on the order of the sum."""
    x, signs = [0.1, 0.2, 0.3, 0.7, 0.1, 0.6, 0.4, 0.4], [1, 1, -1, 1, -1, -1, 1, -1]
    network = sc.Network((8,), [sc.Dense(1, bias=False), sc.ReLU()], sc.SumOfOutputs())
    made = sc.train(sc.Problem(network, {"x": x, "dense1.weight": signs}), 1, 1e-300)
    assert "The largest difference from those that the steps use is $`0`$" in text(made)


def test_derivatives_that_floats_lose_are_told_beside_exact_ones(monkeypatch):
    """L = (w x)^2/2 with w = 2 and x = 1: dL/dw is 2, of which floats are made to have no digit."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    values = {"x": [1], "dense1.weight": [2], "target": [0]}
    made = sc.train(sc.Problem(network, values), 1, 1e-40)

    def losing(derivation):
        found = sc.lambdify(derivation)(values)
        lost = {**found.gradients, "dense1.weight": np.array([[2.5]])}
        return lambda _: replace(found, gradients=lost)

    monkeypatch.setattr(sys.modules["symcnn.document.training_report"], "lambdify", losing)
    said = r"at the trained weights is 2\.5 in floats, 2\.?0* measured: use smaller"
    with pytest.raises(UnverifiedError, match=r"dense1\.weight\[0, 0\] " + said):
        report(made)
