"""Optimizers: steps by hand and by PyTorch, resumed trainings, and what is refused."""

import json

import numpy as np
import pytest
from sympy import Rational

import symcnn as sc
from symcnn.network.optimizers.steps import Steps
from symcnn.problems.training.schedules import Schedule
from tests.problems.training.test_descent import line, square

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


def samples(count=23):
    random = np.random.default_rng(1)
    return {"x": random.normal(size=(count, 2)), "target": random.normal(size=(count, 2))}


@pytest.mark.parametrize(
    "optimizer", [sc.SGD(momentum=0.9), sc.Adam(), sc.RMSprop(momentum=0.5)], ids=str
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_resumed_training_is_the_uninterrupted_one(optimizer, dtype, tmp_path):
    """The interruption is within a pass of 5 batches of 4, and at the end of one."""
    options = {"data": samples(), "batch": 4, "optimizer": optimizer, "dtype": dtype}
    options |= {"held_out": 0.1, "schedule": Schedule("cosine", warmup=3), "clip_norm": 2.0}
    kept = {}
    options["checkpoint"] = lambda made: kept.setdefault(made.steps, made)
    whole = sc.train(square(), 23, 0.1, checkpoint_steps=1, **options)
    for steps in (1, 5, 7, 22):
        path = tmp_path / f"{steps}.npz"
        kept[steps].save_checkpoint(path)
        rest = sc.train(square(), 23, 0.1, resume=path, **options)
        assert rest.losses == whole.losses
        assert (rest.weights[WEIGHT] == whole.weights[WEIGHT]).all()
        assert rest.validation == whole.validation


def test_the_problems_own_numbers_are_resumed_too():
    half = sc.train(line(), 3, 0.01, optimizer="adam")
    whole = sc.train(line(), 8, 0.01, optimizer="adam")
    assert sc.train(line(), 8, 0.01, optimizer="adam", resume=half).losses == whole.losses


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


RESUMED = {
    "another rate": ({"rate": 0.2}, "made with rate = 0.1, not 0.2: give the same"),
    "another optimizer": ({"optimizer": "sgd"}, "made with optimizer = 'Adam.*, not 'SGD"),
    "another batch": ({"batch": 5}, "made with batch = 4, not 5"),
    "no more steps": ({"steps": 2}, "steps = 2, but .* has taken 2: give the number of all"),
    "no checkpoint": ({"resume": "data.npz"}, "data.npz: this is no checkpoint"),
    "no file": ({"resume": "missing.npz"}, "missing.npz: cannot read"),
}


@pytest.mark.parametrize("case", RESUMED)
def test_what_cannot_be_resumed_is_refused(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    usual = {"rate": 0.1, "data": samples(), "batch": 4, "optimizer": "adam"}
    np.savez("data.npz", **samples())
    sc.train(square(), steps=2, **usual).save_checkpoint("half.npz")
    changed, message = RESUMED[case]
    with pytest.raises(sc.SymcnnError, match=message):
        sc.train(square(), **{"steps": 9, "resume": "half.npz", **usual, **changed})


DAMAGED = {
    "memory of another shape": lambda arrays: arrays | {"memory/dense1.weight/m": np.zeros(3)},
    "another type": lambda arrays: arrays | {"memory/dense1.weight/v": np.zeros((2, 2), "f4")},
    "no memory": lambda arrays: {n: a for n, a in arrays.items() if not n.endswith("/v")},
    "no count": lambda arrays: arrays | {"about": changed(arrays, "steps", "two")},
    "fewer losses": lambda arrays: arrays | {"losses": np.zeros(1)},
    "losses of another shape": lambda arrays: arrays | {"losses": np.zeros((2, 2))},
    "no generator": lambda arrays: arrays | {"about": changed(arrays, "place", [{"a": 1}, 0])},
    "no JSON": lambda arrays: arrays | {"about": np.frombuffer(b"[" * 9999, np.uint8)},
}


def changed(arrays, name, value):
    about = json.loads(arrays["about"].tobytes())
    about["state"][name] = value
    return np.frombuffer(json.dumps(about).encode(), np.uint8)


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_checkpoint_is_refused(case, tmp_path):
    path = tmp_path / "half.npz"
    usual = {"rate": 0.1, "data": samples(), "batch": 4, "optimizer": "adam"}
    sc.train(square(), steps=2, **usual).save_checkpoint(path)
    np.savez(path, **DAMAGED[case](dict(np.load(path))))
    with pytest.raises(sc.SymcnnError, match=r"no checkpoint|no valid state"):
        sc.train(square(), steps=9, resume=path, **usual)


def test_another_network_is_not_resumed():
    half = sc.train(line(), 2, 0.01)
    with pytest.raises(sc.SymcnnError, match="the checkpoint is of another network"):
        sc.train(square(), 4, 0.01, resume=half)


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        (Schedule(), [1, 1, 1, 1]),
        (Schedule("step", every=2, factor=0.5), [1, 1, 0.5, 0.5]),
        (Schedule("cosine"), [1, (1 + 0.5**0.5) / 2, 0.5, (1 - 0.5**0.5) / 2]),
        (Schedule("cosine", least=0.5), [1, 0.75 + 0.5**0.5 / 4, 0.75, 0.75 - 0.5**0.5 / 4]),
        (Schedule(warmup=3), [1 / 3, 2 / 3, 1, 1]),
        (Schedule("step", warmup=1, every=1, factor=0.5), [1, 1, 0.5, 0.25]),
    ],
)
def test_schedules(schedule, factors):
    assert [schedule.at(step, 4) for step in range(4)] == pytest.approx(factors, rel=1e-15)


def test_a_step_has_the_rate_of_its_schedule():
    """dL/dw = -12, and then -2 (8 - 2 * 1.75) = -9 after half the rate; the next is whole."""
    made = sc.train(line(), 2, 0.125, schedule=Schedule(warmup=2))
    assert made.weights[WEIGHT].item() == 1 + 12 / 16 + 9 / 8


@pytest.mark.parametrize(
    ("clipping", "moved"),
    [
        ({"clip_value": 4.0}, [-4, 4]),
        ({"clip_norm": 5.0}, [-3, 4]),
        ({"clip_norm": 20.0}, [-6, 8]),
        ({"clip_value": 6.0, "clip_norm": 3.0}, [-3 / 2**0.5, 3 / 2**0.5]),
    ],
)
def test_derivatives_are_clipped(clipping, moved):
    """L = sum of (w_k - t_k)^2 / 2 at w = 0, so that dL/dw = -t = (-6, 8)."""
    network = sc.Network((1,), [sc.Dense(2, bias=False)], sc.HalfSquaredError())
    problem = sc.Problem(network, {"x": [1], "dense1.weight": [0, 0], "target": [6, -8]})
    made = sc.train(problem, 1, 1, **clipping).weights[WEIGHT]
    assert made.ravel() == pytest.approx(-np.array(moved), rel=1e-15)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_validation_set_has_the_loss_of_its_samples(reduction):
    """y = x: the losses of the samples (1, 0), (0, 2), (3, 0) with target 0 are 0.5, 2, 4.5."""
    network = sc.Network((2,), [sc.Dense(2, bias=False)], sc.HalfSquaredError(reduction=reduction))
    values = {"x": [0, 0], "dense1.weight": [1, 0, 0, 1], "target": [0, 0]}
    data = {"x": np.ones((4, 2)), "target": np.ones((4, 2))}  # where nothing moves
    data |= {"x_test": [[1, 0], [0, 2], [3, 0]], "target_test": np.zeros((3, 2))}
    made = sc.train(sc.Problem(network, values), 1, 0.1, data, batch=2)
    assert made.validation == pytest.approx(7 / 3 * (2 if reduction == "sum" else 1), rel=1e-14)
    assert made.accuracy is None


def test_a_training_ends_where_the_validation_set_is_best(tmp_path):
    """A weight moves from 0 to 1 by half the distance; what is held out is best near 0.8."""
    network = sc.Network((1,), [sc.Dense(1, bias=False)], sc.HalfSquaredError())
    problem = sc.Problem(network, {"x": [0], "dense1.weight": [0], "target": [0]})
    data = {"x": [[1.0], [1]], "target": [[1.0], [1]], "x_test": [[1.0]], "target_test": [[0.8]]}
    made = sc.train(problem, 50, 0.5, data, batch=2, patience=3)
    assert made.steps == 2
    assert made.weights[WEIGHT].item() == 0.75
    steps, losses = zip(*made.validations, strict=True)
    assert steps == (0, 1, 2, 3, 4, 5)
    weights = np.array([0, 0.5, 0.75, 0.875, 0.9375, 0.96875])
    assert losses == pytest.approx((weights - 0.8) ** 2 / 2, rel=1e-12)
    kept = []
    options = {"patience": 3, "checkpoint": kept.append, "checkpoint_steps": 4}
    sc.train(problem, 50, 0.5, data, batch=2, **options)
    kept[0].save_checkpoint(tmp_path / "4.npz")
    rest = sc.train(problem, 50, 0.5, data, batch=2, patience=3, resume=tmp_path / "4.npz")
    assert (rest.losses, rest.validations) == (made.losses, made.validations)


REFUSED = {
    "an unknown optimizer": ({"optimizer": "adm"}, "'adm' is unknown: did you mean 'adam'?"),
    "no optimizer": ({"optimizer": 3}, "the optimizer is 3: give its name"),
    "an unknown schedule": ({"schedule": "linear"}, "the schedule is 'linear': give constant or"),
    "a norm of 0": ({"clip_norm": 0}, "clip_norm = 0: give a positive number"),
    "patience alone": ({"patience": 2}, "patience = 2 applies only to data"),
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
        (lambda: Schedule("step", every=0), "every = 0"),
        (lambda: Schedule("step", factor=2), "factor = 2: give a number from 0 to 1"),
        (lambda: Schedule(warmup=-1), "warmup = -1"),
    ],
)
def test_settings_out_of_range_are_refused(make, message):
    with pytest.raises(sc.SymcnnError, match=message):
        make()


def test_patience_needs_a_validation_set():
    with pytest.raises(sc.SymcnnError, match="patience = 2 needs a validation set"):
        sc.train(square(), 1, 0.1, samples(), patience=2)
