"""Optimizers: steps by hand and by PyTorch, and what is refused."""

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn.network.optimizers import Steps
from tests.problems.training.test_descent import line

WEIGHT = "dense1.weight"

SETTINGS = {
    "SGD": [{}, {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True, "weight_decay": 0.3}],
    "Adam": [{}, {"beta1": 0.7, "beta2": 0.8, "epsilon": 0.01, "weight_decay": 0.2}],
    "AdamW": [{}, {"weight_decay": 0.3}],
    "RMSprop": [{}, {"alpha": 0.7, "momentum": 0.5, "weight_decay": 0.1}],
    "Adagrad": [{}, {"epsilon": 0.1, "weight_decay": 0.1}],
}
CASES = [(name, case) for name, cases in SETTINGS.items() for case in cases]


def first(optimizer, weight=1.0):
    """The weight w = 1 of ``line``, dL/dw = -12, after a step of the rate 1/8."""
    problem = line(weight, learning_rate=0.125, optimizer=optimizer)
    (moved,) = problem.quantity(f"updated {WEIGHT}")
    return moved


@pytest.mark.parametrize(
    ("optimizer", "moved"),
    [
        ("sgd", 1 + Rational(12, 8)),
        (sc.SGD(momentum=0.5), 1 + Rational(12, 8)),
        (sc.SGD(momentum=0.5, nesterov=True), 1 + Rational(18, 8)),
        (sc.SGD(weight_decay=2), 1 + Rational(10, 8)),
        ("adam", 1 + Rational(12, 8) / (12 + Rational(1, 10**8))),
        (sc.Adam(epsilon=4), 1 + Rational(12, 8 * 16)),
        (sc.Adam(epsilon=4, weight_decay=2), 1 + Rational(10, 8 * 14)),
        (sc.AdamW(epsilon=4, weight_decay=2), 1 - Rational(2, 8) + Rational(12, 8 * 16)),
        (sc.RMSprop(alpha=Rational(3, 4), epsilon=2), 1 + Rational(12, 8 * 8)),
        (sc.Adagrad(epsilon=4), 1 + Rational(12, 8 * 16)),
    ],
)
def test_a_first_step_by_hand_is_exact(optimizer, moved):
    assert first(optimizer) == moved
    problem = line(1.0, optimizer=optimizer)
    trained = sc.train(problem, 1, 0.125).weights[WEIGHT].item()
    assert trained == pytest.approx(float(moved), rel=1e-14)


def test_a_derivative_of_zero_moves_nothing():
    assert first("adam", weight=4) == 4


def theirs(name, settings, slopes, rate):
    """The weights by torch.optim, where the derivative at each step is given."""
    torch = pytest.importorskip("torch")
    renamed = {"beta1": "betas", "beta2": "betas", "epsilon": "eps"}
    options = {renamed.get(key, key): value for key, value in settings.items()}
    if "betas" in options:
        options["betas"] = (settings["beta1"], settings["beta2"])
    weight = torch.tensor(WEIGHTS, requires_grad=True)
    optimizer = getattr(torch.optim, name)([weight], lr=rate, **options)
    for slope in slopes:
        weight.grad = torch.tensor(slope)
        optimizer.step()
        yield weight.detach().numpy().copy()


WEIGHTS = np.random.default_rng(0).normal(size=7)


@pytest.mark.parametrize(("name", "settings"), CASES)
def test_twenty_steps_are_those_of_pytorch(name, settings):
    slopes = np.random.default_rng(1).normal(size=(20, 7)) * np.logspace(-6, 1, 7)
    steps, weight = Steps(getattr(sc, name)(**settings)), WEIGHTS
    for slope, their in zip(slopes, theirs(name, settings, slopes, 0.05), strict=True):
        weight = steps.take({"w": weight}, {"w": slope}, 0.05)["w"]
        assert weight == pytest.approx(their, rel=1e-12, abs=1e-14)


def test_a_value_after_several_steps_is_that_of_the_training():
    """Quantities take the same steps, with what the optimizer remembers."""
    problem = line(learning_rate=0.125, optimizer="adam")
    (loss,) = problem.quantity("loss after 3 steps")
    weight, m, v = 1.0, 0.0, 0.0
    for n in (1, 2, 3):
        slope = -2 * (8 - 2 * weight)
        m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
        weight -= 0.125 * (m / (1 - 0.9**n)) / ((v / (1 - 0.999**n)) ** 0.5 + 1e-8)
    assert float(loss) == pytest.approx((8 - 2 * weight) ** 2 / 2, rel=1e-13)


REFUSED = {
    "an unknown optimizer": ({"optimizer": "adm"}, "'adm' is unknown: did you mean 'adam'?"),
    "no optimizer": ({"optimizer": 3}, "the optimizer is 3: give its name"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused(case):
    options, message = REFUSED[case]
    with pytest.raises(sc.SymcnnError, match=message):
        sc.train(line(), 1, 0.1, **options)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sc.Adam(beta1=1), "beta1 is 1: give a number from 0 to below 1"),
        (lambda: sc.Adam(epsilon=0), "epsilon is 0: give a positive number"),
        (lambda: sc.SGD(weight_decay=-1), "weight_decay is -1: give 0 or a positive number"),
        (lambda: sc.SGD(nesterov=True), "nesterov needs momentum"),
    ],
)
def test_settings_out_of_range_are_refused(make, message):
    with pytest.raises(sc.SymcnnError, match=message):
        make()
